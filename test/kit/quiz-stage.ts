import type { Db } from 'mongodb'
import type { WorkerDoc } from '../../server/store/docs-quiz.ts'
import type { QuizKind } from '../../shared/quiz/state.ts'
import { recordEpochs } from './quiz-epochs.ts'
import { leaseFaults, recordLeases } from './quiz-history.ts'
import { startQuizFleet } from './quiz-fleet.ts'
import { ALL_KINDS, forgetFormer, startPlay } from './quiz-play.ts'
import { type TcpProxy, startTcpProxy } from './tcp-proxy.ts'
import { until } from './until.ts'

/**
 * How long a lost host's rooms may wait with the FAST leases (leases-quiz.md 6.2), ms: lease, grace, scan, and what a claim takes. In the
 * suite with something for a machine that others share.
 */
export const TAKEN_MS = process.env.LONG === '1' ? 6_000 : 9_000
/** What the command of a worker's heartbeat says, for a proxy that waits for one. */
export const HEARTBEAT = ['update', 'workers', 'draining'] as const
/** For a game on a machine that other tests share, ms. */
const GOES_ON_MS = 40_000

export interface StageOptions {
  url: string
  db: Db
  kinds?: readonly QuizKind[]
  servers?: number
  /** Settings of all processes. */
  env?: Record<string, string>
  /** Of the first worker, which has all rooms until others are added and take them. */
  first?: Record<string, string>
}

/** A fleet under load of which one worker conducts all rooms, with records of its leases and epochs: something to do a fault to. */
export async function openStage({ url, db, kinds = ALL_KINDS, servers = 1, env = {}, first = {} }: StageOptions) {
  await forgetFormer(db)
  const held = new AsyncDisposableStack()
  try {
    const settings = { WORKER_CHILDREN: '1', ...env }
    const fleet = held.use(await startQuizFleet({ url, db, servers, workers: 0, env: settings }))
    const leases = held.use(await recordLeases(db))
    const epochs = held.use(await recordEpochs(db))
    const worker = await fleet.addWorker(first)
    const play = held.use(await startPlay({ fleet, db, kinds }))
    await Promise.all(play.ids.map((room) => epochs.beganAfter(room, 0)))
    const beatAt = async () => {
      const row = await db.collection<WorkerDoc>('workers').findOne({ _id: holders()[0] ?? '' })
      return row?.renewedAt.getTime() ?? 0
    }
    const holders = () => play.ids.map((room) => epochs.holder(room))
    return {
      fleet,
      leases,
      epochs,
      play,
      /** The first one. */
      worker,
      /** Of its child. */
      child: holders()[0] ?? '',
      /** Who conducts, room by room. */
      holders,
      /** The epochs that began in a room, in order. */
      epochsOf: (room: string) => epochs.of(room).flatMap(({ epoch }) => epoch ?? []),
      /** Resolves when the first room's worker has said once more that it is there. */
      heartbeat: async () => {
        const before = await beatAt()
        await until(async () => (await beatAt()) > before, { what: 'a heartbeat', deadlineMs: 10_000 })
      },
      goesOn: async (answers = 5, deadlineMs = GOES_ON_MS) => {
        const aim = play.answers() + answers
        await until(() => play.answers() >= aim, { what: `${answers} answers more`, deadlineMs })
      },
      /** Resolves when each room's conductor has asked twice more, and how long each took, ms: all are well, and not only most. */
      allGoOn: (): Promise<number[]> => {
        const from = performance.now()
        const asked = (room: string) => play.seenIn(room).view?.game?.question ?? 0
        return Promise.all(
          play.ids.map(async (room) => {
            const aim = asked(room) + 2
            await until(() => asked(room) >= aim, { what: 'the game goes on', deadlineMs: GOES_ON_MS })
            return performance.now() - from
          }),
        )
      },
      /** Ends it; all that is wrong with logs, acknowledgements, streams and leases, in words. */
      judge: async () => [...(await play.judge()), ...leaseFaults(leases.changes)],
      [Symbol.asyncDispose]: () => held.disposeAsync(),
    }
  } catch (error) {
    await held.disposeAsync()
    throw error
  }
}
export type Stage = Awaited<ReturnType<typeof openStage>>

/** A proxy before the database of the test, and the database's address through it. */
export async function proxied(db: Db): Promise<TcpProxy & { mongoUrl: string; whole: () => void }> {
  const [host = '', port = ''] = String((await db.command({ hello: 1 })).primary).split(':')
  const target = { host, port: Number(port) }
  const proxy = await startTcpProxy(target)
  const mongoUrl = `mongodb://127.0.0.1:${proxy.port}/${db.databaseName}?directConnection=true`
  return { ...proxy, mongoUrl, whole: () => proxy.aim(target) }
}

/** The sum of a series of a worker and its children, whatever its labels. */
export async function seriesOf({ url }: { url: string }, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const values = text.split('\n').filter((line) => line.startsWith(name))
  return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

/** Lets so much time pass: the length of a fault itself. */
export async function lasts(ms: number): Promise<void> {
  const from = performance.now()
  await until(() => performance.now() - from >= ms, { what: `${ms} ms`, deadlineMs: ms + 1_000 })
}
