import { within } from '../server/drain.ts'
import type { Log } from '../server/log.ts'
import { type Child, createChild, type StartChild } from './child.ts'
import { pause } from './loop.ts'
import type { WorkerMetrics } from './metrics.ts'

/** Milliseconds. */
export interface Waits {
  /** The pause before a child starts again: the first, doubled with each crash, at most. */
  first: number
  longest: number
  /** A child that ran for so long had no part in the crashes before. */
  steady: number
  /** How long a child may take to begin, and how long its loop may stand still before it is killed. */
  begin: number
  stuck: number
  /** How long a child may take to hand over. */
  stop: number
  /** What a child said last may come through so long after its end was seen. */
  lastWords: number
}
// Below the 10 s after which a conductor that could not renew falls silent by itself.
const WAITS: Waits = {
  first: 100,
  longest: 30_000,
  steady: 60_000,
  begin: 30_000,
  stuck: 8_000,
  stop: 5_000,
  lastWords: 500,
}

const LOOK_MS = 1_000
/** So many crashes in a row are a loop. */
const LOOP = 3
/** The pauses between attempts to free what a dead child held; after them its leases expire by themselves. */
const RETRIES_MS = [250, 500, 1_000, 2_000, 4_000, 8_000]

export interface SupervisorOptions {
  size: number
  start: StartChild
  /** Frees what a child held that has ended, by its id. Called twice, since a claim may have been under way. */
  release: (worker: string) => Promise<void>
  log: Log
  metrics: Pick<WorkerMetrics, 'childExits' | 'childrenStuck'>
  waits?: Partial<Waits>
}

/** A place for a child, and how it stands. */
interface Slot {
  child: Child | null
  /** Crashes in a row. */
  crashes: number
}

/** A child as `/health` shows it. */
export interface ChildHealth {
  ok: boolean
  pid: number | null
  conductors: number
  crashes: number
}

/**
 * Keeps so many processes running that conduct quiz rooms. What one held that has died is freed at once, since its end is certain; one
 * whose loop stands still is killed for that. A child that crashes again and again starts after longer and longer pauses.
 */
export function supervise({ size, start, release, log, metrics, waits: given }: SupervisorOptions) {
  const waits = { ...WAITS, ...given }
  const stopping = new AbortController()
  const { signal } = stopping
  const slots: Slot[] = Array.from({ length: size }, () => ({ child: null, crashes: 0 }))
  const releasing = new Set<Promise<void>>()

  const free = async (worker: string): Promise<void> => {
    for (const wait of [...RETRIES_MS, null]) {
      try {
        return await release(worker)
      } catch (error) {
        log.warn({ err: error, worker }, 'what a conductor process held is not free yet')
      }
      if (wait !== null) await pause(wait, signal)
    }
  }
  const freeTwice = async (worker: string): Promise<void> => {
    await free(worker)
    await pause(waits.lastWords, signal)
    if (!signal.aborted) await free(worker)
  }
  const freed = (worker: string) => {
    const done = freeTwice(worker).finally(() => releasing.delete(done))
    releasing.add(done)
  }

  const runOnce = async (slot: Slot): Promise<void> => {
    const child = createChild(start)
    slot.child = child
    const how = await child.exited
    slot.child = null
    freed(child.id)
    if (signal.aborted) return
    metrics.childExits.inc({ how })
    slot.crashes = performance.now() - child.startedAt > waits.steady ? 1 : slot.crashes + 1
    const wait = Math.min(waits.first * 2 ** (slot.crashes - 1), waits.longest)
    log.error({ worker: child.id, childPid: child.pid, how, startsInMs: wait }, 'a conductor process ended')
    await pause(wait, signal)
  }
  const keep = async (slot: Slot): Promise<void> => {
    while (!signal.aborted) await runOnce(slot)
  }

  const isLate = ({ beatAt, startedAt }: Child, now: number) =>
    beatAt === null ? now - startedAt > waits.begin : now - beatAt > waits.stuck
  const killed = new WeakSet<Child>()
  let lookedAt = performance.now()
  const look = () => {
    const now = performance.now()
    // This process stood still itself: what the children said meanwhile is not read yet.
    const awake = now - lookedAt < 2 * LOOK_MS
    lookedAt = now
    for (const { child } of awake ? slots : []) {
      if (child === null || killed.has(child) || !isLate(child, now)) continue
      killed.add(child)
      metrics.childrenStuck.inc()
      log.error({ worker: child.id, childPid: child.pid }, 'a conductor process is stuck and is killed')
      child.kill()
    }
  }
  let looking: ReturnType<typeof setInterval> | undefined
  let running: Promise<unknown> = Promise.resolve()
  const begin = () => {
    lookedAt = performance.now()
    looking = setInterval(look, LOOK_MS)
    running = Promise.all(slots.map(keep))
  }

  /** One that begins does well, unless it does so again and again. */
  const isWell = ({ child, crashes }: Slot) =>
    child === null || child.beatAt === null ? crashes < LOOP : child.healthy && !isLate(child, performance.now())
  const health = (): ChildHealth[] =>
    slots.map((slot) => {
      const { child, crashes } = slot
      return { ok: isWell(slot), pid: child?.pid ?? null, conductors: child?.size ?? 0, crashes }
    })

  /** The series of all children, each with its place as a label. */
  const series = async () => {
    const all = await Promise.all(slots.map(({ child }) => child?.series() ?? []))
    return all.map((metrics, place) =>
      metrics.map((metric) => ({
        ...metric,
        values: metric.values.map((value) => ({ ...value, labels: { ...value.labels, process: place + 1 } })),
      })),
    )
  }

  /** Lets the children hand over and end; resolves once they are gone and what they held is free. */
  const stop = async (): Promise<void> => {
    stopping.abort()
    clearInterval(looking)
    for (const { child } of slots) {
      // One that has not begun holds nothing, and would not hear of it before.
      if (child?.beatAt === null) child.kill()
      else child?.stop()
    }
    if (!(await within(waits.stop, running))) for (const { child } of slots) child?.kill()
    await within(waits.stop, running)
    await within(waits.stop, Promise.all(releasing))
  }

  return { begin, health, series, stop }
}
export type Supervisor = ReturnType<typeof supervise>
