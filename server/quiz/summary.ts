import { createHash } from 'node:crypto'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import type { QuizState } from '../../shared/quiz/state.ts'

/** Names a set of users, in whatever order they come. Ids may hold any character, so they are told apart as JSON. */
export const setKey = (users: readonly string[]) =>
  `set:${createHash('sha256')
    .update(JSON.stringify([...users].sort()))
    .digest('base64url')}`

/** The claim of a deck's HostedPerpetual room. */
export const deckKey = (deck: string) => `deck:${deck}`

/** The fields of a quiz room's snapshot that queries need. */
export function summaryOf({ kind, at, owner, occupants, ended }: QuizState) {
  const users = [...new Set(owner === null ? occupants : [owner, ...occupants])]
  const deleted = ended !== null
  return { kind, at, users, deleted, ...(kind === 'GroupPerpetual' && !deleted ? { set: setKey(occupants) } : {}) }
}

/** Whose list of rooms an event changes. */
export function usersOf(event: QuizEvent): readonly string[] {
  switch (event.type) {
    case 'room.created':
      return event.occupants
    case 'occupant.joined':
    case 'occupant.added':
    case 'occupant.left':
    case 'occupant.kicked':
      return [event.user]
    default:
      return []
  }
}
