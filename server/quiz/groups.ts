import type { QuizState } from '../../shared/quiz/state.ts'
import { sameUsers } from '../../shared/quiz/decision.ts'
import type { LogStore } from '../store/log.ts'
import type { Claim, Claims } from './claims.ts'
import type { QuizRooms } from './open.ts'
import { setKey } from './summary.ts'

/** Rooms that one set of users may have had: past it the newest of the others are not looked at. */
const MOST = 16

/** What there is for a set of users. */
export interface GroupLook {
  key: string
  claim: Claim | null
  /** The most recent group room with exactly these occupants. */
  found: QuizState | null
  /** A room that was claimed for them and never appeared: who asks next completes it. */
  vacant: string | null
}

/**
 * The group room of a set of users (seed 4: "if rooms exist with these occupants, the most recent one is returned"). The claim and
 * snapshots name candidates, and each is folded: what is found has these occupants now.
 */
export function createGroups(parts: { quiz: Pick<LogStore, 'inSet'>; claims: Claims; rooms: QuizRooms }) {
  const { quiz, claims, rooms } = parts

  const look = async (occupants: readonly string[]): Promise<GroupLook> => {
    const key = setKey(occupants)
    const [claim, kept] = await Promise.all([claims.read(key), quiz.inSet(key, MOST)])
    const ids = [...new Set([...(claim === null ? [] : [claim.room]), ...kept])]
    const states = await Promise.all(ids.map(rooms.read))
    const fitting = states.filter((state): state is QuizState => state !== null && isGroupOf(state, occupants))
    const found = fitting.toSorted((a, b) => b.at - a.at)[0] ?? null
    return { key, claim, found, vacant: claim !== null && states[0] === null ? claim.room : null }
  }

  /** A room for them to be made, where none was found: the same for all who ask at once (room-log.md 14). */
  const propose = async ({ key, claim, vacant }: GroupLook): Promise<string> =>
    vacant ?? (await claims.point({ key, seen: claim, room: crypto.randomUUID() })).room

  /** The set of a room's occupants changed: its claim points here now. A room that has none is found by its snapshot, so it has one. */
  const point = async (state: QuizState): Promise<void> => {
    const key = setKey(state.occupants)
    const seen = await claims.read(key)
    if (seen !== null && seen.room !== state.room) await rooms.settle(seen.room)
    const { room } = await claims.point({ key, seen, room: state.room })
    if (room !== state.room) await rooms.settle(state.room)
  }

  return { look, propose, point }
}
export type Groups = ReturnType<typeof createGroups>

const isGroupOf = ({ kind, ended, occupants }: QuizState, users: readonly string[]) =>
  kind === 'GroupPerpetual' && ended === null && sameUsers(occupants, users)
