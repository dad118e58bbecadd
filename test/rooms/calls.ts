import { connect, type FoyerClient } from '../../client/connect.ts'
import { startServer, type StartedServer } from '../kit/server.ts'
import { JWT_SECRET, tokenOf } from '../kit/tokens.ts'

/** A server in this process whose users are named: `as('alice')` is her client. */
export interface RoomServer extends AsyncDisposable {
  server: StartedServer
  as(user: string): Promise<FoyerClient>
  service(): Promise<FoyerClient>
}

export async function roomServer(url: string, env: Record<string, string> = {}): Promise<RoomServer> {
  const server = await startServer({ url, env: { JWT_SECRET, RATE_PER_USER: '0', RATE_PER_ROOM: '0', ...env } })
  const as = async (user: string) => connect({ url: server.url, token: await tokenOf(user) })
  const service = async () => connect({ url: server.url, token: await tokenOf('backend', { role: 'service' }) })
  return { server, as, service, [Symbol.asyncDispose]: server.stop }
}
