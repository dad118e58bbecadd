import type { Db } from 'mongodb'

const REOPEN_MS = 250

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
export async function watchLeases(db: Db, signal: AbortSignal, on: LeaseListener): Promise<void> {
  while (!signal.aborted) {
    const stream = db.collection('leases').watch(PIPELINE, { maxAwaitTimeMS: 10_000 })
    const close = () => void stream.close().catch(() => {})
    signal.addEventListener('abort', close, { once: true })
    try {
      stream.once('resumeTokenChanged', on.open)
      for await (const change of stream) if ('documentKey' in change) on.wanted(String(change.documentKey?._id))
    } catch (error) {
      if (!signal.aborted) on.gap(error)
    } finally {
      signal.removeEventListener('abort', close)
      await stream.close().catch(() => {})
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, REOPEN_MS))
  }
}
