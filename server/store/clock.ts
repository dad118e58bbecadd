import type { Db } from 'mongodb'

const RESYNC_MS = 10_000

/**
 * mongod's time, estimated: its `localTime` against this process's monotonic clock, by the quickest of three questions,
 * asked again every 10 s. All deadlines use it, so servers with skewed clocks agree. Never goes back.
 */
export async function databaseClock(db: Db, onError: (error: unknown) => void) {
  let offset = await measure(db)
  let last = 0
  const timer = setInterval(() => void measure(db).then((fresh) => (offset = fresh), onError), RESYNC_MS)
  timer.unref()
  return {
    now: () => {
      last = Math.max(last, Math.round(performance.now() + offset))
      return new Date(last)
    },
    stop: () => clearInterval(timer),
  }
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
