import { openLoop } from '../load.ts'
import { each } from './lanes.ts'

/** A room with an audience, as a contender offers it. Its events are numbered without a gap. */
export interface Stage {
  /** Commits one event; its number, once it is acknowledged. */
  write(): Promise<number>
  /** One more subscriber, which tells the number of each event as it hears it. */
  subscribe(heard: (event: number) => void): Promise<void>
  /** What is stored of all events: must grow by one an event. */
  sum(): Promise<number>
}

export interface StageOptions {
  port: number
  /** Subscriptions of one socket, where a contender can have more than one. */
  perSocket: number
}

/** What the audience heard of one play. Latencies from when a command was due to be sent, ms. */
export interface Heard {
  events: number
  deliveries: number
  perSecond: number
  /** Of each delivery; none of a flood. */
  samples: number[]
  /** Events that some subscriber did not get in their place; events that came to it twice or late; deliveries that never came. */
  skipped: number
  again: number
  missing: number
}

/** How long an event is waited for. */
const WAIT_MS = 10_000

/** All subscribers of a room in one process with its writer: one clock. Each checks that its events have no gap and come once. */
function audience(stage: Stage, waitMs: number) {
  /** Of each subscriber, the event it heard last. */
  const last: (number | null)[] = []
  let arrivals: { event: number; at: number }[] = []
  let skipped = 0
  let again = 0
  let counts = new Map<number, number>()
  const complete = new Map<number, () => void>()

  const hear = (subscriber: number, event: number) => {
    const before = last[subscriber] ?? event - 1
    if (event <= before) again++
    else {
      skipped += event - before - 1
      last[subscriber] = event
    }
    arrivals.push({ event, at: performance.now() })
    const count = (counts.get(event) ?? 0) + 1
    counts.set(event, count)
    if (count >= last.length) complete.get(event)?.()
  }

  const grow = async (subscribers: number) => {
    await each(subscribers - last.length, async () => {
      const i = last.push(null) - 1
      await stage.subscribe((event) => hear(i, event))
    })
    // The first event is where everybody begins to count.
    if (subscribers > 0) await heardByAll(await stage.write())
  }

  /** Resolves when everybody has heard it, or false after a while. */
  const heardByAll = (event: number): Promise<boolean> =>
    new Promise((resolve) => {
      const end = (heard: boolean) => {
        clearTimeout(timer)
        complete.delete(event)
        resolve(heard)
      }
      const timer = setTimeout(() => end(false), waitMs)
      complete.set(event, () => end(true))
      if ((counts.get(event) ?? 0) >= last.length) end(true)
    })

  const perform = async (play: (act: (due: number) => Promise<void>) => Promise<unknown>): Promise<Heard> => {
    ;[arrivals, counts, skipped, again] = [[], new Map(), 0, 0]
    const dueAt = new Map<number, number>()
    const stored = await stage.sum()
    const began = performance.now()
    await play(async (due) => {
      const event = await stage.write()
      dueAt.set(event, due)
      await heardByAll(event)
    })
    const seconds = (performance.now() - began) / 1_000
    const grown = (await stage.sum()) - stored
    if (grown !== dueAt.size) throw new Error(`${dueAt.size} events were acknowledged, ${grown} are stored`)
    // Not what comes late from the play before.
    const samples = arrivals.flatMap(({ event, at }) => {
      const due = dueAt.get(event)
      return due === undefined ? [] : at - due
    })
    return {
      events: dueAt.size,
      deliveries: samples.length,
      perSecond: samples.length / seconds,
      samples,
      skipped,
      again,
      missing: dueAt.size * last.length - samples.length,
    }
  }
  return { grow, perform }
}

/** The acts of a process that listens. */
export function audienceActs<O extends StageOptions>(open: (options: O) => Promise<Stage>, waitMs = WAIT_MS) {
  let present: ReturnType<typeof audience> | undefined
  const opened = () => {
    if (present === undefined) throw new Error('the stage was not opened')
    return present
  }
  return {
    stage: async (options: O) => {
      present = audience(await open(options), waitMs)
    },
    /** That many subscribers from now on. */
    gather: ({ subscribers }: { subscribers: number }) => opened().grow(subscribers),
    /** Events at a fixed rate, whether or not the ones before were heard. */
    play: (rate: { perSecond: number; seconds: number }) =>
      opened().perform((act) => openLoop(rate, (_, due) => act(due))),
    /** As many events as go: some writers, each of whom writes again when everybody has heard its last. */
    flood: async ({ writers, ms }: { writers: number; ms: number }): Promise<Heard> => {
      const heard = await opened().perform(async (act) => {
        const end = performance.now() + ms
        const writer = async () => {
          while (performance.now() < end) await act(performance.now())
        }
        await Promise.all(Array.from({ length: writers }, writer))
      })
      return { ...heard, samples: [] }
    },
  }
}
