import { connect, type FoyerClient } from '../../client/connect.ts'
import { type Spawned, spawnServer } from './processes.ts'
import { JWT_SECRET } from './tokens.ts'

export interface FleetOptions {
  url: string
  size: number
  env?: Record<string, string>
}

/** Server processes on one database, of which any may be killed and started anew. */
export interface Fleet extends AsyncDisposable {
  /** A client of one server that runs now; `token` as `connect` takes it. */
  client(token: string): FoyerClient
  /** kill -9 of one, and a new one in its place, on another port. */
  replaceOne(): Promise<void>
  servers(): readonly Spawned[]
  kills(): number
}

const NO_LIMITS = { RATE_PER_USER: '0', RATE_PER_ROOM: '0' }

export async function startFleet({ url, size, env = {} }: FleetOptions): Promise<Fleet> {
  const start = () => spawnServer({ url, env: { JWT_SECRET, ...NO_LIMITS, ...env } })
  const servers = await Promise.all(Array.from({ length: size }, start))
  const clients = new Map<string, FoyerClient>()
  let kills = 0
  let turn = 0

  const client = (token: string) => {
    const server = servers[turn++ % servers.length]
    if (server === undefined) throw new Error('no server runs')
    const key = `${server.url} ${token}`
    const known = clients.get(key) ?? connect({ url: server.url, token })
    clients.set(key, known)
    return known
  }
  const replaceOne = async () => {
    const fresh = await start()
    const [old] = servers.splice(kills++ % servers.length, 1, fresh)
    await old?.kill('SIGKILL')
  }
  const dispose = async () => void (await Promise.all(servers.map((server) => server.kill('SIGKILL'))))
  return { client, replaceOne, servers: () => servers, kills: () => kills, [Symbol.asyncDispose]: dispose }
}
