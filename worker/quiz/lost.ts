import type { LeaseStore } from '../../server/store/leases.ts'
import type { Kept, LogSweep } from '../../server/store/log-sweep.ts'
import { inTurns, type SweepParts } from '../rooms/fold.ts'
import type { Lost, Reaper } from './reap.ts'

const KINDS = ['GroupEvanescent']

export interface LostParts extends Pick<SweepParts, 'folder' | 'now' | 'bounds'> {
  logs: Pick<LogSweep, 'idle'>
  leases: Pick<LeaseStore, 'lost' | 'ofRooms' | 'isSettled'>
  reap: Reaper
  /** How long the lease of a new evanescent room may take to be written, ms. */
  neverStartedMs: number
}

/** Ends the evanescent rooms that have no conductor and will have none. Each: how many. */
export function lostConductors({ logs, leases, folder, reap, now, bounds, neverStartedMs }: LostParts) {
  const next = inTurns<Kept, Date>(
    (page) => logs.idle({ ...page, kinds: KINDS, before: new Date(now().getTime() - neverStartedMs) }),
    bounds.rooms,
    ({ at }) => at,
  )

  const unleased = async (): Promise<Lost[]> => {
    const quiet = (await next()).map(({ _id }) => _id)
    const leased = new Set((await leases.ofRooms(quiet)).map(({ _id }) => _id))
    // No lease could have let another conductor begin: the log's epoch is the last.
    return quiet.filter((room) => !leased.has(room)).map((room) => ({ room, epoch: Number.MAX_SAFE_INTEGER }))
  }

  const end = async (lost: readonly Lost[]): Promise<number> => {
    const epochs = new Map(lost.map(({ room, epoch }) => [room, epoch]))
    const reaped = await folder.each([...epochs.keys()], (room) => reap({ room, epoch: epochs.get(room) ?? 0 }))
    return reaped.filter((what) => what === 'ended').length
  }

  /** None for a time after an election, neither renewals nor events may have come through. It is asked first, so that its primary is met. */
  const settled = async (lost: () => Promise<readonly Lost[]>) => {
    const found = await lost()
    return end(leases.isSettled() ? found : [])
  }
  return {
    /** Those whose lease says so. */
    expired: () => settled(() => leases.lost({ limit: bounds.rooms })),
    /** Those that have no lease long after their newest event. */
    unleased: () => settled(unleased),
  }
}
