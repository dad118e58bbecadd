import { logIdBound } from '../../server/store/log.ts'
import { inTurns, type SweepParts } from './fold.ts'

/** A process keeps the snapshots of what it folded within seconds; what lags for longer had its process killed. */
const KEPT_WITHIN_MS = 60_000

/**
 * Keeps the snapshots that killed processes have not, so that the list of a user's rooms and the sweep of idle rooms see their
 * newest events (room-log.md 11). A room whose newest event is of this minute has somebody who keeps it.
 */
export function lostSnapshots({ logs, folder, now, bounds }: SweepParts) {
  const next = inTurns(logs.newest, bounds.rooms, ({ room }) => room)

  return async (): Promise<number> => {
    const settled = logIdBound(new Date(now().getTime() - KEPT_WITHIN_MS))
    const heads = (await next()).filter(({ _id }) => _id < settled)
    const kept = await logs.kept(heads.map(({ room }) => room))
    const lost = heads.filter(({ room, seq, n }) => {
      const snapshot = kept.get(room)
      return folder.isFoldable(snapshot) && seq + n - 1 > (snapshot?.seq ?? 0)
    })
    return folder.keep(lost.map(({ room }) => room))
  }
}
