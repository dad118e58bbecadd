import { type QuizCommand, withoutFacts } from '../../shared/quiz/commands.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { mayRead, viewOf } from '../../shared/quiz/view.ts'
import type { QuizReply, QuizSeen } from '../../shared/quiz/wire.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Actor } from '../../shared/log/decider.ts'
import type { Account } from '../accounts.ts'
import { createAdmission } from '../admission.ts'
import { hashOf } from '../hash.ts'
import type { Limits } from '../limits.ts'
import { actorOf } from '../rooms/access.ts'
import type { Envelope } from '../rooms/commands.ts'
import type { Done } from '../rooms/room.ts'
import type { Services } from '../services.ts'
import type { Duties } from './duties.ts'
import type { QuizRooms } from './open.ts'

export interface QuizCommandParts {
  services: Services
  limits: Limits
  rooms: QuizRooms
  duties: Duties
}

/** A command on its way: who sends it, under which id. `reply`: what its sender wants to hear. */
export interface Sending {
  actor: Actor
  id: string
  reply: Envelope['reply']
}

export interface Sent {
  room: string
  command: QuizCommand
  /** Of what the sender meant, where that is not the command itself. */
  hash?: string
  isNew?: boolean
}

/** Puts commands into quiz rooms' logs, and answers their senders. */
export function createQuizCommands({ services, limits, rooms, duties }: QuizCommandParts) {
  const { clock } = services.store
  const seenBy = (user: string, state: QuizState): QuizSeen => ({ ...viewOf(state, user), now: clock.now().getTime() })
  const { admit, admitTo, forgetAt } = createAdmission(services, limits)

  /** A service has no rights of its own in a quiz room: it names a user. Errors: forbidden (`as`), rate-limited, stale-command. */
  const prepare = (account: Account, envelope: Envelope): Sending => {
    const { actor, id } = admit(account, envelope)
    return { actor: { user: actor.user, service: false }, id, reply: envelope.reply }
  }

  /** Errors: the decider's (shared/quiz/decide.ts); idempotency-mismatch, rate-limited, unknown-outcome, room-unsound. */
  const send = async ({ actor, id }: Sending, { room, command, hash, isNew }: Sent): Promise<Done<QuizState>> => {
    admitTo(room)
    return rooms.send({ room, id, actor, command, hash: hash ?? meaningOf(withoutFacts(command)), isNew })
  }

  /** What follows from the command is done before its sender hears of it, where this process does it. */
  const replyTo = async ({ actor, reply }: Sending, { seq, replayed, result, state }: Done<QuizState>) => {
    await duties.settled(state.room)
    const mine = reply === 'room' && mayRead(state, actor.user) === null
    const said: QuizReply = {
      room: state.room,
      version: seq,
      replayed,
      result,
      now: mine ? seenBy(actor.user, state) : null,
    }
    return said
  }

  /** One command to one room. */
  const run = async (account: Account, envelope: Envelope, sent: Sent): Promise<QuizReply> => {
    const sending = prepare(account, envelope)
    return replyTo(sending, await send(sending, sent))
  }

  /** The room now: a read that began after the request came; an ended one too. Errors: room-gone (there never was one), not-occupant. */
  const read = async (account: Account, { room, as }: { room: string; as?: string | undefined }): Promise<Seen> => {
    const { user } = actorOf(account, as)
    const state = await rooms.read(room)
    if (state === null) throw new RuleError('room-gone')
    const refusal = mayRead(state, user)
    if (refusal !== null) throw new RuleError(refusal)
    return { state, user }
  }

  const get = async (account: Account, input: { room: string; as?: string | undefined }): Promise<QuizSeen> => {
    const { state, user } = await read(account, input)
    return seenBy(user, state)
  }

  return { prepare, send, replyTo, run, read, get, forgetAt }
}
export type QuizCommands = ReturnType<typeof createQuizCommands>

export interface Seen {
  state: QuizState
  user: string
}

/** Tells what a sender meant from anything else. */
export const meaningOf = (meant: object) => hashOf(JSON.stringify(meant))
