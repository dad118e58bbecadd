import type { Logged } from '../../shared/log/logged.ts'
import { jsonBytes } from '../../shared/room/measure.ts'
import type { RoomNews } from '../../shared/room/schema.ts'
import type { RoomEvent, RoomState } from '../../shared/room/state.ts'

/** A room to fold on, from what the server says of it. Who is banned is known to the owner only; nobody else needs it. */
export function stateOf(news: RoomNews): RoomState {
  const { room, version } = news
  const empty = { room, seq: version, recent: [], forgotten: version, banned: [] }
  if (news.status === 'deleted') {
    const { deleted } = news
    const gone = { owner: '', occupants: [], capacity: 0, metadata: {}, data: null, bytes: jsonBytes(null) }
    return { ...empty, ...gone, at: deleted.at, createdAt: deleted.at, deleted }
  }
  const { at, createdAt, owner, occupants, banned = [], capacity, metadata, data } = news
  const live = { at, createdAt, owner, occupants, banned, capacity, metadata, data }
  return { ...empty, ...live, bytes: jsonBytes(data), deleted: null }
}

/** A snapshot's text. */
// edge: the server made the text from a RoomNews
export const newsIn = (text: string) => JSON.parse(text) as RoomNews

/** The events of a frame, or the changes of a conflict. */
// edge: the server made the text from its log
export const eventsIn = (text: string) => JSON.parse(text) as Logged<RoomEvent>[]
