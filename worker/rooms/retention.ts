import type { Piece } from '../../server/store/log-sweep.ts'
import { inTurns, type SweepParts } from './fold.ts'

/**
 * Removes the documents of logs that are both older than the retention and wholly below their room's snapshot (room-log.md 12).
 * The one in which the snapshot ends goes as well, since the snapshot names it for the `prev` of the next. A room without
 * such a snapshot gets one, and keeps its log until another sweep has read it back.
 */
export function oldEvents({ logs, folder, now, retentionMs, bounds }: SweepParts) {
  const next = inTurns<Piece, string>(
    (page) => logs.old({ ...page, before: new Date(now().getTime() - retentionMs) }),
    bounds.page,
    ({ _id }) => _id,
  )

  const retain = async (page: readonly Piece[], repairs: number) => {
    const kept = await logs.kept([...new Set(page.map(({ room }) => room))])
    const isBelow = ({ room, seq, n }: Piece) => seq + n - 1 <= (kept.get(room)?.seq ?? 0)
    const deleted = await logs.remove(page.filter(isBelow))
    const lacking = new Set(page.filter((piece) => !isBelow(piece)).map(({ room }) => room))
    const foldable = [...lacking].filter((room) => folder.isFoldable(kept.get(room)))
    return { deleted, repaired: await folder.keep(foldable.slice(0, repairs)) }
  }

  return async () => {
    const total = { deleted: 0, repaired: 0 }
    for (let looked = 0; looked < bounds.documents; looked += bounds.page) {
      const page = await next()
      const { deleted, repaired } = await retain(page, bounds.rooms - total.repaired)
      total.deleted += deleted
      total.repaired += repaired
      if (page.length < bounds.page) break
    }
    return total
  }
}
