import type { Db } from 'mongodb'

const RESYNC_MS = 10_000

/**
 * A clock that never goes back, and never stands still: where it is ahead (a new primary's clock may be behind the old one's) it goes at
 * half the speed until it is right, so that what waits for a time does not wait for all of the difference. Times in ms.
 */
export function steadyClock(mono: () => number, offset: number) {
  let askedAt = mono()
  let last = askedAt + offset
  return {
    /** What to add to the monotonic clock, as was found out now. */
    correct: (fresh: number) => void (offset = fresh),
    now: (): Date => {
      const at = mono()
      last = Math.max(at + offset, last + (at - askedAt) / 2)
      askedAt = at
      return new Date(Math.round(last))
    },
  }
}

/**
 * mongod's time, estimated: its `localTime` against this process's monotonic clock, by the quickest of three questions,
 * asked again every 10 s. All deadlines use it, so servers with skewed clocks agree. Never goes back.
 */
export async function databaseClock(db: Db, onError: (error: unknown) => void) {
  const { now, correct } = steadyClock(() => performance.now(), await measure(db))
  const timer = setInterval(() => void measure(db).then(correct, onError), RESYNC_MS)
  timer.unref()
  return { now, stop: () => clearInterval(timer) }
}
export type Clock = { now: () => Date }

async function measure(db: Db) {
  let best = { trip: Number.POSITIVE_INFINITY, offset: 0 }
  for (let i = 0; i < 3; i++) {
    const sent = performance.now()
    const reply = await db.command({ hello: 1 })
    const trip = performance.now() - sent
    const at = reply.localTime instanceof Date ? reply.localTime.getTime() : Date.now()
    if (trip < best.trip) best = { trip, offset: at - (sent + trip / 2) }
  }
  return best.offset
}
