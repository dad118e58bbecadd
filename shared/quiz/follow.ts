import type { CommandOf } from './commands.ts'
import { withoutParent } from './ending.ts'
import type { EventOf, QuizEvent } from './events.ts'
import type { QuizState, ReturnTo } from './state.ts'

/**
 * What follows, outside of its room, from an event that is in the log. Done by whoever folds it first and by the worker's sweep, so
 * perhaps twice and at any time later: each is idempotent by the id that is said here.
 */
export type FollowUp =
  /** Somebody is told at once: of a membership (`added`) or that they may come (`invited`). Id: room and seq. */
  | { type: 'notify'; user: string; why: 'added' | 'invited'; by: string }
  /** The child's first event. Id: the child's, which makes it the only one at its seq. */
  | { type: 'spawn'; command: CommandOf<'createSpawned'> }
  /** The occupants of an ended evanescent room go back: `takeBackOf`, `createReturnedOf`, then `returned`. Id: `<child>:ended`. */
  | { type: 'return'; returnTo: ReturnTo }
  /** A lease is wanted, or not any more. */
  | { type: 'lease'; desired: 'on' | 'off' }
  /** The set of a group's occupants changed: its claim points here now (room-log.md 14). Id: the set's key. */
  | { type: 'claim'; occupants: readonly string[] }

/** `state`: right after the event, or later: a set's claim then points with what it has become. */
export function followUps(event: QuizEvent, state: QuizState): FollowUp[] {
  switch (event.type) {
    case 'room.created':
      return created(event, state)
    case 'occupant.added':
      return [{ type: 'notify', user: event.user, why: 'added', by: event.by }, claimOf(state)]
    case 'occupant.invited':
      return [{ type: 'notify', user: event.user, why: 'invited', by: event.by }]
    case 'occupant.joined':
    case 'occupant.left':
      return state.kind === 'GroupPerpetual' && state.ended === null && state.occupants.length > 0
        ? [claimOf(state)]
        : []
    case 'evanescent.spawned':
      return [{ type: 'spawn', command: spawnedOf(event, state) }]
    case 'conductor.wanted':
      return [{ type: 'lease', desired: 'on' }]
    case 'conductor.ended':
      return [{ type: 'lease', desired: 'off' }]
    case 'room.ended':
      return ended(event)
    default:
      return []
  }
}

const claimOf = ({ occupants }: QuizState): FollowUp => ({ type: 'claim', occupants })

/** The actor of a request knows of it; the others are told. A HostedPerpetual room's lease is wanted on subscription. */
function created({ by, kind, occupants }: EventOf<'room.created'>, state: QuizState): FollowUp[] {
  if (kind === 'GroupEvanescent') return [{ type: 'lease', desired: 'on' }]
  if (kind === 'HostedPerpetual') return []
  const others = occupants.filter((user) => user !== by)
  return [...others.map((user) => ({ type: 'notify' as const, user, why: 'added' as const, by })), claimOf(state)]
}

const spawnedOf = (
  { child, occupants, payload }: EventOf<'evanescent.spawned'>,
  { room }: QuizState,
): CommandOf<'createSpawned'> => ({ type: 'createSpawned', room: child, parent: room, occupants, payload })

function ended({ returnTo }: EventOf<'room.ended'>): FollowUp[] {
  const lease: FollowUp = { type: 'lease', desired: 'off' }
  return returnTo === null || returnTo.to === 'deck' ? [lease] : [lease, { type: 'return', returnTo }]
}

/** What the parent, or a found room, is sent under the id `<child>:ended`; null: the room has not ended so. */
export function takeBackOf({ room, ended: end }: QuizState, as: 'parent' | 'exact'): CommandOf<'takeBack'> | null {
  if (end === null || end.returnTo === null) return null
  return { type: 'takeBack', as, child: room, occupants: end.returnTo.occupants, reason: end.reason }
}

/** What makes a room for them where there is none. */
export function createReturnedOf(
  { room: child, ended: end }: QuizState,
  room: string,
): CommandOf<'createReturned'> | null {
  if (end === null || end.returnTo === null) return null
  return { type: 'createReturned', room, occupants: end.returnTo.occupants, child, reason: end.reason }
}

/** Where else to, if the parent has closed meanwhile (room-gone): that is final, so that each who asks later hears the same. */
export const insteadOfParent = (child: QuizState): ReturnTo => withoutParent(child)

/** Id of the command by which a child's end acts in another room: the same for all who carry it out. */
export const returnId = (child: string) => `${child}:ended`
