import type { QuizCommand } from '../../shared/quiz/commands.ts'
import { hasMoved } from '../../shared/quiz/decision.ts'
import { messageFault, othersFault } from '../../shared/quiz/faults.ts'
import type { QuizPayload } from '../../shared/quiz/settings.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import type { QuizReply } from '../../shared/quiz/wire.ts'
import type { Json } from '../../shared/json.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Account } from '../accounts.ts'
import type { Envelope } from '../rooms/commands.ts'
import type { Done } from '../rooms/room.ts'
import { randomId } from '../secrets.ts'
import type { Services } from '../services.ts'
import { uuidOf } from '../uuid.ts'
import type { Claim, Claims } from './claims.ts'
import { meaningOf, type QuizCommands, type Sending } from './commands.ts'
import type { Facts } from './facts.ts'
import type { Groups } from './groups.ts'
import type { QuizRooms } from './open.ts'
import { deckKey } from './summary.ts'

export interface RequestParts {
  services: Services
  rooms: QuizRooms
  claims: Claims
  groups: Groups
  facts: Facts
  commands: QuizCommands
}

export interface GroupRequest {
  others: readonly string[]
  text: string
  proposal: Json
}

/** How often a request looks again when rooms change under it, before it says so. */
const MOST_LOOKS = 20

/** Rooms that are asked for and found or made: a set of friends' group room, a deck's hosted room, a solo quiz. */
export function createRequests({ services, rooms, claims, groups, facts, commands }: RequestParts) {
  const { store, derive } = services
  const { prepare, send, replyTo, forgetAt } = commands

  /** The id of a room that follows from its sender and command, so that a repeat makes no second one (room-log.md 9). */
  const derivedRoom = ({ actor, id }: Sending) => uuidOf(Buffer.from(derive('quiz', actor.user, id), 'base64url'), 8)

  /** What a request became, if it did: a rule by which another look may find another room is null. */
  const tried = async (attempt: () => Promise<Done<QuizState>>): Promise<Done<QuizState> | null> => {
    try {
      return await attempt()
    } catch (error) {
      if (error instanceof RuleError && (error.rule === 'version-conflict' || error.rule === 'room-gone')) return null
      throw error
    }
  }

  /**
   * The group room with exactly these occupants: its message goes to the most recent one, else it begins a new one (seed 4). Where a
   * request goes is claimed first, so that its repeat goes there too. A room takes or refuses it for good, under an id of that claim: so the
   * claim moves on only where the request cannot be done any more. Errors: not-friend, limit-reached, bad-request, version-conflict
   * (the rooms of these users change all the time).
   */
  const group = async (account: Account, envelope: Envelope, { others, text, proposal }: GroupRequest) => {
    const sending = prepare(account, envelope)
    const { user } = sending.actor
    const hash = meaningOf({ others, text, proposal })
    const meant = { others, text, proposal, facts: await facts.friendsAmong(user, others) }
    const key = envelope.id === undefined ? null : `request:${JSON.stringify([user, sending.id])}`
    const attempt = async ({ room, stamp }: Claim): Promise<Done<QuizState> | null> => {
      const one = { ...sending, id: `${sending.id} ${stamp}` }
      const put = (command: QuizCommand) => tried(() => send(one, { room, hash, command }))
      const begun = (await rooms.read(room)) === null ? await put({ type: 'createGroup', room, ...meant }) : null
      const done = begun ?? (await put({ type: 'request', ...meant }))
      return done === null || hasMoved(done.result) ? null : done
    }
    let claim = key === null ? null : await claims.read(key)
    // The decider says so too; but what would be refused claims nothing.
    const scene = { actor: sending.actor, now: store.clock.now().getTime() }
    const fault = othersFault(others, meant.facts.friends, scene) ?? messageFault(meant)
    if (claim === null && fault !== null) throw fault
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const done = claim === null ? null : await attempt(claim)
      if (done !== null) return replyTo(sending, done)
      const looked = await groups.look([user, ...others])
      const room = looked.found?.room ?? (await groups.propose(looked))
      const fresh = { room, stamp: randomId() }
      claim = key === null ? fresh : await claims.move({ key, seen: claim, room, purgeAt: forgetAt() })
    }
    throw new RuleError('version-conflict')
  }

  /** The hosted room of a deck, if there is one. */
  const hostedRoom = async (deck: string) => {
    const claim = await claims.read(deckKey(deck))
    return { claim, state: claim === null ? null : await rooms.read(claim.room) }
  }

  /** Anybody may ask where a deck's room is. */
  const hosted = async (deck: string): Promise<{ room: string | null }> => {
    const { state } = await hostedRoom(deck)
    return { room: state === null || state.ended !== null ? null : state.room }
  }

  /** The HostedPerpetual room of an own deck, found or made: there is one at most. Errors: deck-unplayable, not-owner, bad-request. */
  const host = async (account: Account, envelope: Envelope, payload: QuizPayload): Promise<QuizReply> => {
    const sending = prepare(account, envelope)
    const fact = await facts.deck(sending.actor.user, payload.deck)
    if (fact.deck === null) throw new RuleError('deck-unplayable')
    if (fact.deck.owner !== sending.actor.user) throw new RuleError('not-owner')
    const hash = meaningOf({ host: payload })
    const begin = (room: string) =>
      tried(() => send(sending, { room, hash, command: { type: 'createHosted', room, payload, facts: fact } }))
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const { claim, state } = await hostedRoom(payload.deck)
      // Who made it hears what they heard first; nobody else makes a room that there is.
      const repeated = state === null || envelope.id === undefined ? null : await begin(state.room)
      if (repeated !== null) return replyTo(sending, repeated)
      if (state !== null && state.ended === null)
        return replyTo(sending, { seq: state.seq, replayed: false, result: { created: false }, state })
      const vacant = claim !== null && state === null ? claim.room : null
      const room =
        vacant ?? (await claims.point({ key: deckKey(payload.deck), seen: claim, room: crypto.randomUUID() })).room
      const done = await begin(room)
      if (done !== null) return replyTo(sending, done)
    }
    throw new RuleError('version-conflict')
  }

  /** An evanescent room of the user alone, from a deck's page. Errors: deck-unplayable, bad-request. */
  const solo = async (account: Account, envelope: Envelope, payload: QuizPayload): Promise<QuizReply> => {
    const sending = prepare(account, envelope)
    const room = derivedRoom(sending)
    const command = {
      type: 'createSolo',
      room,
      payload,
      facts: await facts.deck(sending.actor.user, payload.deck),
    } as const
    const hash = meaningOf({ solo: payload })
    return replyTo(sending, await send(sending, { room, command, hash, isNew: true }))
  }

  /** An evanescent room with the occupants of a group room: the result names it. Errors: wrong-kind, not-occupant, deck-unplayable. */
  const spawn = async (
    account: Account,
    envelope: Envelope,
    { room, payload }: { room: string; payload: QuizPayload },
  ) => {
    const sending = prepare(account, envelope)
    const child = derivedRoom(sending)
    const command = {
      type: 'spawn',
      child,
      payload,
      facts: await facts.deck(sending.actor.user, payload.deck),
    } as const
    const reply = await replyTo(sending, await send(sending, { room, command }))
    return { ...reply, result: { child } }
  }

  return { group, host, hosted, solo, spawn }
}
