import type { Db } from 'mongodb'
import type { EventDoc } from '../../server/store/docs.ts'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import { within } from '../../server/drain.ts'

/** A conductor of a room began (`epoch`), or let go of it. */
export interface Turn {
  /** By `performance.now()`. */
  at: number
  room: string
  epoch: number | null
  /** Which worker's child; null: nobody. */
  holder: string | null
}

/** Records which conductor began when, from the logs themselves: what a room's players notice of leases. */
export async function recordEpochs(db: Db) {
  const turns: Turn[] = []
  const current = new Map<string, Turn>()
  const rooms = new Map<string, { epoch: number; starts: Turn[] }>()
  /** Called at each beginning in a room: thousands of rooms may be waited for. */
  const waiting = new Map<string, Set<() => void>>()
  let isClosed = false
  const stream = db
    .collection<EventDoc>('quizEvents')
    .watch([{ $match: { operationType: 'insert', 'fullDocument.body': /"conductor\./ } }], { maxAwaitTimeMS: 200 })
  const begun = (turn: Turn, epoch: number) => {
    const { starts = [] } = rooms.get(turn.room) ?? {}
    rooms.set(turn.room, { epoch, starts: [...starts, turn] })
    for (const wake of waiting.get(turn.room) ?? []) wake()
  }
  const hear = ({ room, body }: EventDoc) => {
    const events: QuizEvent[] = JSON.parse(body)
    for (const event of events) {
      if (event.type !== 'conductor.started' && event.type !== 'conductor.released') continue
      const isStart = event.type === 'conductor.started'
      const at = performance.now()
      const turn = isStart
        ? { at, room, epoch: event.epoch, holder: event.holder }
        : { at, room, epoch: null, holder: null }
      turns.push(turn)
      current.set(room, turn)
      if (isStart) begun(turn, event.epoch)
    }
  }
  const reading = (async () => {
    for await (const change of stream) if (change.operationType === 'insert') hear(change.fullDocument)
  })().catch((error: unknown) => {
    if (!isClosed) throw error
  })
  await new Promise<void>((resolve) => stream.once('resumeTokenChanged', () => resolve()))

  const newest = (room: string) => rooms.get(room)?.epoch ?? 0
  /** Resolves to the first beginning of a room under a later epoch than this one. */
  const beganAfter = async (room: string, epoch: number, deadlineMs = 15_000): Promise<Turn> => {
    const found = () => rooms.get(room)?.starts.find((turn) => (turn.epoch ?? 0) > epoch)
    const woken = Promise.withResolvers<void>()
    const wakes = waiting.get(room) ?? new Set()
    waiting.set(room, wakes.add(woken.resolve))
    await within(deadlineMs, found() === undefined ? woken.promise : Promise.resolve())
    wakes.delete(woken.resolve)
    const turn = found()
    if (turn === undefined)
      throw new Error(`not within ${deadlineMs} ms: an epoch after ${epoch} in the log of ${room}`)
    return turn
  }
  return {
    turns,
    of: (room: string) => turns.filter((turn) => turn.room === room),
    /** The newest epoch in a room's log, 0: none. */
    epoch: newest,
    /** Which worker's child conducts the room, as its log says. */
    holder: (room: string) => current.get(room)?.holder ?? null,
    /** The rooms that a worker's child conducts. */
    heldBy: (worker: string) => [...current.values()].filter(({ holder }) => holder === worker).map(({ room }) => room),
    beganAfter,
    /** What happens to these rooms from now on: resolves to how long each had to wait for its next conductor, ms. */
    takeovers: async (rooms: readonly string[], deadlineMs?: number): Promise<number[]> => {
      const before = rooms.map((room) => ({ room, epoch: newest(room) }))
      const from = performance.now()
      const turns = await Promise.all(before.map(({ room, epoch }) => beganAfter(room, epoch, deadlineMs)))
      return turns.map(({ at }) => at - from)
    },
    [Symbol.asyncDispose]: async () => {
      isClosed = true
      await stream.close()
      await reading
    },
  }
}
export type Epochs = Awaited<ReturnType<typeof recordEpochs>>

/** In words, ms. */
export function figures(name: string, times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0)
  return `${name}: ${sorted.length} times, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms\n`
}
