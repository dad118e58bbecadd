import type { Actor } from '../../shared/log/decider.ts'
import type { CommandReply, RoomNews } from '../../shared/room/schema.ts'
import type { RoomCommand, RoomState } from '../../shared/room/state.ts'
import { mayRead, newsOf } from '../../shared/room/view.ts'
import { type Rule, RuleError } from '../../shared/rules.ts'
import type { Account } from '../accounts.ts'
import { createAdmission } from '../admission.ts'
import { hashOf } from '../hash.ts'
import type { Limits } from '../limits.ts'
import type { Services } from '../services.ts'
import { uuidOf } from '../uuid.ts'
import { actorOf, readable } from './access.ts'
import { changesSince } from './changes.ts'
import type { RoomLog } from './log.ts'
import type { Done } from './room.ts'

/** What every command has beside what it wants. */
export interface Envelope {
  id?: string | undefined
  as?: string | undefined
  reply: 'room' | 'result'
}

export interface CommandsOptions<E> {
  services: Services
  limits: Limits
  rooms: RoomLog<RoomState, RoomCommand, E>
}

/** An edit refused by these might pass on other data: its sender has to look at what is there now. */
const CONFLICTS: ReadonlySet<Rule> = new Set<Rule>([
  'version-conflict',
  'stale-index',
  'test-failed',
  'path-missing',
  'duplicate-id',
  'out-of-bounds',
])

/** Single commands: each is one append to the room's log, or a typed error (seed 2). */
export function createCommands<E>({ services, limits, rooms }: CommandsOptions<E>) {
  const { store, derive } = services

  const { admit, admitTo } = createAdmission(services, limits)

  /**
   * Puts a command into a room. Errors: those of shared/room/decide.ts; idempotency-mismatch, stale-command, rate-limited,
   * forbidden (`as`), unknown-outcome.
   */
  const run = async (
    account: Account,
    room: string,
    { envelope, command }: { envelope: Envelope; command: RoomCommand },
  ) => {
    const { actor, id } = admit(account, envelope)
    admitTo(room)
    try {
      const done = await rooms.send({ room, id, actor, command, hash: hashOf(JSON.stringify(command)) })
      return replyOf(done, { actor, envelope })
    } catch (error) {
      throw await withChanges(error, { room, actor, command })
    }
  }

  /** A new room; its id follows from the user and the command, so that a repeat makes no second one (room-log.md 9). */
  const create = async (
    account: Account,
    envelope: Envelope,
    command: Omit<Extract<RoomCommand, { type: 'create' }>, 'room'>,
  ) => {
    const { actor, id } = admit(account, envelope)
    const room = uuidOf(Buffer.from(derive('room', actor.user, id), 'base64url'), 8)
    const created: RoomCommand = { ...command, room }
    const done = await rooms.send({
      room,
      id,
      actor,
      command: created,
      hash: hashOf(JSON.stringify(created)),
      isNew: true,
    })
    return replyOf(done, { actor, envelope })
  }

  /** The room now: a read that began after the request came. A deleted one is its tombstone. Errors: room-gone, not-occupant, banned. */
  const get = async (account: Account, { room, as }: { room: string; as?: string | undefined }): Promise<RoomNews> => {
    const viewer = actorOf(account, as)
    return newsOf(readable(await rooms.read(room), viewer), viewer)
  }

  /** A conflict's reply has the version, and what came since the one that the sender named, so that one round trip suffices. */
  const withChanges = async (
    error: unknown,
    { room, actor, command }: { room: string; actor: Actor; command: RoomCommand },
  ) => {
    if (!(error instanceof RuleError) || command.type !== 'edit' || !CONFLICTS.has(error.rule)) return error
    const state = await rooms.read(room)
    if (state === null || !state.occupants.includes(actor.user)) return error
    const { seq: version } = state
    const seen = command.ifVersion ?? command.base
    const changes = seen === undefined ? null : await changesSince(store.log, { room, after: seen, upTo: version })
    return new RuleError(error.rule, { ...error.details, version, ...(changes === null ? {} : { changes }) })
  }

  return { run, create, get }
}

const replyOf = (
  { seq, replayed, result, state }: Done<RoomState>,
  { actor, envelope }: { actor: Actor; envelope: Envelope },
): CommandReply => ({
  room: state.room,
  version: seq,
  replayed,
  result,
  now: envelope.reply === 'room' && mayRead(state, actor) === null ? newsOf(state, actor) : null,
})
