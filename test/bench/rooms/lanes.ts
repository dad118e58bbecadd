import { quantile } from '../stats.ts'

/** All write into one room, or each wanders over many. */
export type LaneName = 'hot' | 'cold'

/** One way to write: `caller` calls for the `i`th time, and is answered when its write is acknowledged. */
export interface Lane {
  write(caller: number, i: number): Promise<unknown>
  /** What is stored by now, in the contender's own terms: it must grow by one a write. */
  sum(): Promise<number>
}

/** How a lane's rooms are made, before anything is timed. */
export interface Setup {
  lane: LaneName
  /** The database, as a URL; a contender in memory has none. */
  url: string
  /** Where its servers listen; none: the writes enter inside of the process that is asked. */
  ports: readonly number[]
  /** At most that many write at once. */
  writers: number
  /** Cold rooms. */
  rooms: number
  /** The hot room that another process of the same contender made. */
  room?: string | undefined
}

export interface TurnOptions {
  lane: LaneName
  writers: number
  ms: number
  /** How long after its end a turn waits for the last answers, ms. */
  patienceMs: number
}

/** What one contender did in one turn; times in ms. */
export interface Turn {
  done: number
  perSecond: number
  p50: number
  p99: number
  /** Some writer was not answered within the patience: its process is not used again. */
  cut: boolean
}

/** The writers of a contender, inside of their process: each writes again as soon as its last write is acknowledged. */
export async function turnOf(lane: Lane, { writers, ms, patienceMs }: Omit<TurnOptions, 'lane'>): Promise<Turn> {
  const samples: number[] = []
  const began = performance.now()
  const end = began + ms
  const writer = async (caller: number) => {
    for (let i = 0, sent = began; sent < end; i++) {
      await lane.write(caller, i)
      const now = performance.now()
      samples.push(now - sent)
      sent = now
    }
  }
  const all = Promise.all(Array.from({ length: writers }, (_, caller) => writer(caller))).then(() => false)
  const tooLong = new Promise<true>((resolve) => setTimeout(() => resolve(true), ms + patienceMs))
  const cut = await Promise.race([all, tooLong])
  const seconds = (performance.now() - began) / 1_000
  return {
    done: samples.length,
    perSecond: samples.length / seconds,
    p50: quantile(samples, 0.5),
    // Whoever still waits has waited for longer than any that is done.
    p99: cut ? seconds * 1_000 : quantile(samples, 0.99),
    cut,
  }
}

/** The acts of a process that writes. */
export function writingActs<S extends Setup>(open: (setup: S) => Promise<Lane & { room?: string }>) {
  const lanes = new Map<LaneName, Lane>()
  const lane = (name: LaneName) => {
    const found = lanes.get(name)
    if (found === undefined) throw new Error(`the ${name} lane was not opened`)
    return found
  }
  return {
    /** Resolves to the hot room's id, where others may write into it as well. */
    open: async (setup: S) => {
      const opened = await open(setup)
      lanes.set(setup.lane, opened)
      return { room: opened.room }
    },
    turn: (options: TurnOptions) => turnOf(lane(options.lane), options),
    sum: (name: LaneName) => lane(name).sum(),
  }
}
export type WritingActs = ReturnType<typeof writingActs<Setup>>

/** Which of the cold rooms a caller writes to next: it wanders over all of them, and rarely meets another. */
export const coldRoom = (caller: number, i: number, rooms: number) => (caller * 7_919 + i * 4_093) % rooms

/** Does things side by side, but not all at once: ten thousand rooms are made so. */
export async function each(total: number, act: (i: number) => Promise<unknown>, atOnce = 64): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let i = next++; i < total; i = next++) await act(i)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, total) }, worker))
}

/** The sum of a number that each of them has. */
export async function sumOf(total: number, read: (i: number) => Promise<number>, atOnce?: number): Promise<number> {
  let sum = 0
  const add = async (i: number) => {
    const n = await read(i)
    sum += n
  }
  await each(total, add, atOnce)
  return sum
}
