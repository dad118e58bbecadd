import type { Db } from 'mongodb'
import { readChanges } from './change-stream.ts'

/** Renewals and claims are many and concern nobody. A pipeline's update may be logged as a replacement of the whole row. */
const PIPELINE = [
  {
    $match: {
      'ns.coll': 'leases',
      $or: [
        { operationType: { $in: ['insert', 'replace'] }, 'fullDocument.status': 'wanted' },
        { operationType: 'update', 'updateDescription.updatedFields.status': 'wanted' },
      ],
    },
  },
  { $project: { documentKey: 1 } },
]

export interface LeaseListener {
  /** The lease of this room is wanted. A hint: its row tells whether it is still. */
  wanted: (room: string) => void
  /** The stream began, or began anew: what was wanted before is found by `candidates`. */
  open: () => void
  gap: (error: unknown) => void
}

/** Tells of leases that become wanted, until the signal aborts. What it misses, history lost included, the poll finds. */
export function watchLeases(db: Db, signal: AbortSignal, on: LeaseListener): Promise<void> {
  const start = () => db.collection('leases').watch(PIPELINE, { maxAwaitTimeMS: 10_000 })
  return readChanges(start, signal, {
    open: on.open,
    change: (change) => 'documentKey' in change && on.wanted(String(change.documentKey?._id)),
    gap: on.gap,
  })
}
