import type { Kept } from '../../server/store/log-sweep.ts'
import { inTurns, type SweepParts } from './fold.ts'

/**
 * How long a deleted room is remembered after its log is gone, ms. Retention alone would be safe, since whatever a client
 * could repeat or resume is refused as too old by then; a month lets who comes back from holidays hear that the room
 * was deleted, by whom and why, in place of "there is no such room". A tombstone has no data, so it costs next to nothing.
 */
export const TOMBSTONE_MS = 30 * 24 * 60 * 60_000

/** Leaves tombstones to TTL once their log is wholly gone: before that a fold without them would not be sound. */
export function tombstones({ logs, now, retentionMs, bounds }: SweepParts) {
  const next = inTurns<Kept, Date>(
    (page) => logs.tombstones({ ...page, before: new Date(now().getTime() - retentionMs) }),
    bounds.rooms,
    ({ at }) => at,
  )

  return async (): Promise<number> => {
    const ids = (await next()).map(({ _id }) => _id)
    return logs.bury(ids, new Date(now().getTime() + TOMBSTONE_MS))
  }
}
