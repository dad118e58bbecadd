/** When a history is longer than this, something waits for what never comes; ms of its own time. */
const LONGEST_MS = 3_600_000

interface Timer {
  at: number
  /** Of two at the same time the older one comes first. */
  nth: number
  run: () => void
}

/** Timers in order of time, as a binary heap. */
class Timers {
  readonly #heap: Timer[] = []
  readonly #gone = new Set<number>()

  get isEmpty(): boolean {
    return this.#heap.length === 0
  }
  cancel(nth: number): void {
    this.#gone.add(nth)
  }
  add(timer: Timer): void {
    let at = this.#heap.push(timer) - 1
    while (at > 0 && this.#isBefore(at, (at - 1) >> 1)) at = this.#swap(at, (at - 1) >> 1)
  }
  /** Takes the next one; null: it was cancelled. */
  next(): Timer | null {
    const [first] = this.#heap
    const last = this.#heap.pop()
    if (first === undefined || last === undefined) return null
    if (this.#heap.length > 0) {
      this.#heap[0] = last
      this.#sink()
    }
    return this.#gone.delete(first.nth) ? null : first
  }
  #sink(): void {
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      const least = this.#isBefore(right, left) ? right : left
      if (!this.#isBefore(least, at)) return
      at = this.#swap(at, least)
    }
  }
  #isBefore(a: number, b: number): boolean {
    const [one, two] = [this.#heap[a], this.#heap[b]]
    if (one === undefined || two === undefined) return one !== undefined
    return one.at < two.at || (one.at === two.at && one.nth < two.nth)
  }
  #swap(a: number, b: number): number {
    const [one, two] = [this.#heap[a], this.#heap[b]]
    if (one !== undefined && two !== undefined) [this.#heap[a], this.#heap[b]] = [two, one]
    return b
  }
}

/**
 * Runs work in a time of its own: no timer is waited for, the clock goes on to the next one as soon as nothing else is to be done.
 * So a history of minutes takes milliseconds, and its seed makes it again. Throws where nothing more can happen and the work is
 * not done. Real timers, of other parts of the process, are not touched; ones made meanwhile belong to the work.
 */
export async function inVirtualTime<T>(random: () => number, work: () => Promise<T>): Promise<T> {
  const real = { setTimeout, clearTimeout, random: Math.random, date: Date.now, performance: performance.now }
  const start = Date.now()
  const timers = new Timers()
  let [now, count] = [0, 0]
  const patched = {
    setTimeout: (run: () => void, ms = 0) => {
      timers.add({ at: now + Math.max(0, ms), nth: ++count, run })
      return count
    },
    clearTimeout: (nth?: number) => {
      if (typeof nth === 'number') timers.cancel(nth)
    },
  }
  Object.assign(globalThis, patched)
  Object.assign(Math, { random })
  Object.assign(Date, { now: () => start + now })
  Object.assign(performance, { now: () => now })
  try {
    let isOver = false
    const result = work().finally(() => (isOver = true))
    result.catch(() => {})
    for (;;) {
      // All promises that can go on do so before this.
      await new Promise((resolve) => setImmediate(resolve))
      if (isOver) return await result
      if (timers.isEmpty || now > LONGEST_MS) throw new Error(`stuck: after ${now} ms nothing ends it`)
      const timer = timers.next()
      if (timer === null) continue
      now = Math.max(now, timer.at)
      timer.run()
    }
  } finally {
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout })
    Object.assign(Math, { random: real.random })
    Object.assign(Date, { now: real.date })
    Object.assign(performance, { now: real.performance })
  }
}

/** Waits until it holds, in whatever time it is run. */
export async function when(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}
