import type { Db } from 'mongodb'
import { connect } from '../../client/connect.ts'
import type { LeaseDoc, WorkerDoc } from '../../server/store/docs-quiz.ts'
import { type Spawned, spawnServer, spawnWorker } from './processes.ts'
import { FAST } from './quiz-fast.ts'
import type { Person } from './quiz.ts'
import { JWT_SECRET, tokenOf } from './tokens.ts'
import { until } from './until.ts'

export { FAST }
const ENV = { JWT_SECRET, RATE_PER_USER: '0', RATE_PER_ROOM: '0' }

export interface QuizFleetOptions {
  url: string
  db: Db
  servers?: number
  workers?: number
  env?: Record<string, string>
}

/** Servers and workers as processes of their own, on one database. */
export interface QuizFleet extends AsyncDisposable {
  servers: readonly Spawned[]
  workers: readonly Spawned[]
  addWorker(env?: Record<string, string>): Promise<Spawned>
  person(id: string, server?: number): Promise<Person>
  /** The lease of a room as it is now. */
  lease(room: string): Promise<LeaseDoc | null>
  /** The child process that holds a room's lease now. */
  holder(room: string): Promise<WorkerDoc>
}

export async function startQuizFleet({
  url,
  db,
  servers = 1,
  workers = 1,
  env = {},
}: QuizFleetOptions): Promise<QuizFleet> {
  const settings = { ...ENV, ...FAST, ...env }
  const addWorker = async (more: Record<string, string> = {}) => {
    const worker = await spawnWorker({ url, env: { ...settings, ...more } })
    running.workers.push(worker)
    return worker
  }
  const running: { servers: Spawned[]; workers: Spawned[] } = { servers: [], workers: [] }
  running.servers = await Promise.all(Array.from({ length: servers }, () => spawnServer({ url, env: settings })))
  await Promise.all(Array.from({ length: workers }, () => addWorker()))
  const lease = (room: string) => db.collection<LeaseDoc>('leases').findOne({ _id: room })
  const holder = (room: string): Promise<WorkerDoc> =>
    until(
      async () => {
        const held = (await lease(room))?.holder
        if (held == null) return null
        return db.collection<WorkerDoc>('workers').findOne({ _id: held.worker, lost: { $exists: false } })
      },
      { what: 'somebody runs the conductor' },
    )
  return {
    ...running,
    addWorker,
    lease,
    holder,
    person: async (id, server = 0) => {
      const to = running.servers[server]
      if (to === undefined) throw new Error('there is no such server')
      return { id, client: connect({ url: to.url, token: await tokenOf(id) }) }
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...running.workers, ...running.servers].map((one) => one.kill('SIGKILL')))
    },
  }
}
