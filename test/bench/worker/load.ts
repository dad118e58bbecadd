import type { EventDoc } from '../../../server/store/docs.ts'
import type { LeaseDoc, WorkerDoc } from '../../../server/store/docs-quiz.ts'
import type { QuizEvent } from '../../../shared/quiz/events.ts'
import { until } from '../../kit/until.ts'
import { startWorker } from '../children.ts'
import type { BenchMongo } from '../mongo.ts'
import { cpuSeconds, makeRooms, memoryMb, mongodPid, openBenchFoyer } from './foyer.ts'

export interface LoadOptions {
  rooms: number
  /** How long is waited before, ms: making the rooms leaves snapshots to be kept. */
  settleMs: number
  /** How long is measured, ms. */
  ms: number
}

export interface LoadResult {
  rooms: number
  /** Parts of one core. */
  childCpu: number
  mongodCpu: number
  childMb: number
  /** How long after a phase's time its next event was appended, ms: one entry a phase. */
  lateMs: number[]
  /** From `want` to the conductor's first append, ms. */
  spinUpMs: number[]
}

/** 1 question each 10 s: 6 s to answer, 2 s of reveal, 2 s of scoreboard; nobody answers. */
const PLAYING = { questionMs: 6_000, graceMs: 0, revealMs: 2_000, scoreboardMs: 2_000, silentAfter: null }
/** A lobby that waits for its host. */
const IDLE = { pace: 'host', silentAfter: null } as const

/** One worker process with one child conducts that many rooms. `playing`: a question each 10 s; `idle`: only leases are kept. */
export async function benchLoad(
  mongo: BenchMongo,
  what: 'playing' | 'idle',
  { rooms: count, settleMs, ms }: LoadOptions,
) {
  const { url, db } = mongo.database()
  await using opened = await openBenchFoyer(url)
  await using _worker = await startWorker(url, { WORKER_CHILDREN: '1' })
  const workers = db.collection<WorkerDoc>('workers')
  await until(() => workers.countDocuments({}), { what: 'a child conducts', deadlineMs: 30_000 })
  const payload = what === 'playing' ? PLAYING : IDLE
  const rooms = await makeRooms(opened.foyer, { db, count, cards: 200, payload })
  const held = () => db.collection<LeaseDoc>('leases').countDocuments({ status: 'held' })
  await until(async () => (await held()) === count, { what: 'all are conducted', deadlineMs: 120_000 })
  const [child] = await workers.find({}).toArray()
  const pids = { child: child?.pid ?? 0, mongod: await mongodPid(db) }
  await Bun.sleep(settleMs)
  const from = new Date()
  const before = { child: cpuSeconds(pids.child), mongod: cpuSeconds(pids.mongod) }
  await Bun.sleep(ms)
  const spent = (pid: number, since: number) => (cpuSeconds(pid) - since) / (ms / 1_000)
  const docs = await db
    .collection<EventDoc>('quizEvents')
    .find({ room: { $in: rooms } })
    .sort({ seq: 1 })
    .toArray()
  const result: LoadResult = {
    rooms: count,
    childCpu: spent(pids.child, before.child),
    mongodCpu: spent(pids.mongod, before.mongod),
    childMb: memoryMb(pids.child),
    lateMs: latenessOf(docs, from.getTime()),
    spinUpMs: spinUpsOf(docs),
  }
  return result
}

const eventsOf = (docs: readonly EventDoc[]): Map<string, QuizEvent[]> => {
  const byRoom = Map.groupBy(docs, ({ room }) => room)
  return new Map([...byRoom].map(([room, all]) => [room, all.flatMap(({ body }): QuizEvent[] => JSON.parse(body))]))
}

const DUE_MS: Partial<Record<QuizEvent['type'], number>> = {
  'question.opened': PLAYING.questionMs,
  'question.revealed': PLAYING.revealMs,
  'scoreboard.shown': PLAYING.scoreboardMs,
}

/** By the log alone: each phase's next event, since then, against when it was due. */
function latenessOf(docs: readonly EventDoc[], from: number): number[] {
  return [...eventsOf(docs).values()].flatMap((events) =>
    events.flatMap((event, i) => {
      const before = events[i - 1]
      const due = before === undefined ? undefined : DUE_MS[before.type]
      return before === undefined || due === undefined || event.at < from ? [] : [event.at - before.at - due]
    }),
  )
}

/** From the event that wants a conductor to its first one. */
function spinUpsOf(docs: readonly EventDoc[]): number[] {
  return [...eventsOf(docs).values()].flatMap((events) => {
    const wanted = events.find(({ type }) => type === 'conductor.wanted')
    const started = events.find(({ type }) => type === 'conductor.started')
    return wanted === undefined || started === undefined ? [] : [started.at - wanted.at]
  })
}
