import type { Collection } from 'mongodb'
import type { SignalDoc } from './docs.ts'
import { filterOf } from './filters.ts'
import { gather } from './gather.ts'

/** Signals that one look delivers at most: a page of the largest ones stays under 5 MB. */
export const PAGE = 64

/** A box's newest signal: what the next one builds on. */
export interface BoxHead {
  id: string
  n: number
  inc: string
  purgeAt: Date
}

/** Both ends of a box, and how many of its signals still wait to be read. */
export interface BoxEdges {
  low: number
  head: BoxHead
  waiting: number
}

const waits = (now: Date) => ({
  $cond: [{ $and: [{ $gt: ['$expiresAt', now] }, { $ne: [{ $type: '$body' }, 'missing'] }] }, 1, 0],
})

/** The gathered reads of boxes: however many callers wait on however many boxes, a few `find` round trips answer them. */
export function boxReads(signals: Collection<SignalDoc>, now: () => Date) {
  /** The first and last signal of each box, by a majority read; null: the box is empty. */
  const edges = gather<string, BoxEdges | null>(async (boxes) => {
    const found = await signals
      .aggregate<BoxEdges & { _id: string }>([
        { $match: { box: { $in: boxes } } },
        { $sort: { box: 1, n: 1 } },
        {
          $group: {
            _id: '$box',
            low: { $first: '$n' },
            head: { $last: { id: '$_id', n: '$n', inc: '$inc', purgeAt: '$purgeAt' } },
            waiting: { $sum: waits(now()) },
          },
        },
      ])
      .toArray()
    const byBox = new Map(found.map((each) => [each._id, each]))
    return boxes.map((box) => byBox.get(box) ?? null)
  })

  /** A page of a box from its n-th signal on, in order. Since n has no gaps, a range of n bounds the page. */
  const page = gather<{ box: string; from: number }, SignalDoc[]>(
    async (keys) => {
      const ranges = keys.map(({ box, from }) => ({ box, n: { $gte: from, $lt: from + PAGE } }))
      const docs = await signals.find(filterOf<SignalDoc>({ $or: ranges })).toArray()
      const byBox = Map.groupBy(docs, (doc) => doc.box)
      return keys.map(({ box, from }) =>
        (byBox.get(box) ?? []).filter(({ n }) => n >= from && n < from + PAGE).sort((a, b) => a.n - b.n),
      )
    },
    { size: 100 },
  )

  return { edges, page }
}
