import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { MongoClient, MongoServerError } from 'mongodb'

type SetConfig = { _id: string; members: { _id: number; host: string }[] }

const POLL_MS = 10
const PRIMARY_MS = 60_000
const ELECTION_MS = 5_000
const ALREADY_INITIALIZED = 23
const HOST = '127.0.0.1'

const direct = (port: number) =>
  new MongoClient(`mongodb://${HOST}:${port}/`, { directConnection: true, serverSelectionTimeoutMS: 2_000 })

const accepts = (port: number): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ port, host: HOST })
  socket.once('connect', () => resolve(true))
  socket.once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

/** Resolves once something accepts connections on this port, or when `signal` says that nobody waits any more. */
export const accepting = async (port: number, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted && !(await accepts(port))) await pause(POLL_MS)
}

/** Makes the members a replica set where they are none yet, and resolves once one of them takes writes. */
export const initiate = async (name: string, ports: readonly number[]): Promise<void> => {
  const clients = ports.map(direct)
  try {
    const members = ports.map((port, _id) => ({ _id, host: `${HOST}:${port}` }))
    const config = { _id: name, members, settings: { electionTimeoutMillis: ELECTION_MS } }
    await clients[0]?.db('admin').command({ replSetInitiate: config }).catch(unlessInitialized)
    const deadline = performance.now() + PRIMARY_MS
    while (!(await Promise.all(clients.map(takesWrites))).includes(true)) {
      if (performance.now() > deadline) throw new Error(`no primary on ports ${ports.join()} within ${PRIMARY_MS} ms`)
      await pause(POLL_MS)
    }
  } finally {
    await Promise.all(clients.map((client) => client.close()))
  }
}

const unlessInitialized = (error: unknown): void => {
  if (!(error instanceof MongoServerError && error.code === ALREADY_INITIALIZED)) throw error
}

const takesWrites = async (client: MongoClient): Promise<boolean> =>
  (await client.db('admin').command({ hello: 1 })).isWritablePrimary === true

/**
 * Writes new ports into the configuration that a member keeps, while it runs alone on `port`, outside of its set:
 * a member that does not find itself in its configuration never becomes primary.
 */
export const rehost = async (port: number, ports: readonly number[]): Promise<void> => {
  const client = direct(port)
  try {
    const configs = client.db('local').collection<SetConfig>('system.replset')
    const config = await configs.findOne()
    if (!config) return
    const members = config.members.map((member) => ({ ...member, host: `${HOST}:${ports[member._id]}` }))
    await configs.updateOne({ _id: config._id }, { $set: { members } })
  } finally {
    await client.close()
  }
}
