import type { RoomFrame } from '../../shared/room/schema.ts'
import { eventsIn, newsIn } from '../room/frames.ts'
import type { FollowEnd, FollowedEvents, FollowedPresence, FollowedSnapshot } from './types.ts'

/** How far a room was told. */
export interface Progress {
  /** The version up to which listeners know it; null: they know nothing yet. */
  version: number | null
  /** The version after which the stream that brings it was asked to begin. */
  asked: number | null
}

/** What a frame means to listeners; null: nothing, it tells what they know. `gap`: something before it is missing. */
export type News =
  | { kind: 'events'; value: FollowedEvents }
  | { kind: 'snapshot'; value: FollowedSnapshot }
  | { kind: 'presence'; value: FollowedPresence }
  | { kind: 'end'; value: FollowEnd }
  | { kind: 'gap' }
  | null

/**
 * Takes in a frame, and moves the progress over what is new in it. A frame may come twice, and late: tRPC begins a subscription
 * again by itself when it moves to another connection, from where it had begun first, while the old one still delivers.
 */
export function take(progress: Progress, frame: RoomFrame): News {
  const { room } = frame
  if (frame.kind === 'presence') return { kind: 'presence', value: { room, all: frame.all, present: frame.present } }
  if (frame.kind === 'end') return { kind: 'end', value: { room, rule: frame.rule, deleted: null } }
  if (frame.kind === 'snapshot') return takeSnapshot(progress, frame)
  const { from, version, events } = frame
  const after = progress.version
  if (after === null || from > after + 1) return { kind: 'gap' }
  if (version <= after) return null
  progress.version = version
  const fresh = eventsIn(events).map((event, nth) => ({ ...event, version: from + nth }))
  return { kind: 'events', value: { room, version, events: fresh.filter((event) => event.version > after) } }
}

function takeSnapshot(progress: Progress, frame: Extract<RoomFrame, { kind: 'snapshot' }>): News {
  const { room, version, why } = frame
  const news = newsIn(frame.view)
  if (news.status === 'deleted') return { kind: 'end', value: { room, rule: 'room-gone', deleted: news.deleted } }
  // Below what was asked for: the version was none of this room's, which a restored database may do.
  const isBelow = why === 'resync' && progress.asked !== null && version < progress.asked
  if (why === 'deleted' || (progress.version !== null && version <= progress.version && !isBelow)) return null
  progress.version = version
  progress.asked = null
  return { kind: 'snapshot', value: { room, version, why, view: news } }
}
