import type { FoyerClient } from './connect.ts'
import { retry } from './retry.ts'
import type { IceServer } from './rtc.ts'

const ASK_MS = 5_000

/**
 * The server's STUN and TURN servers, asked for when a peer is made or restarted and kept until `refreshInMs`: so TURN
 * credentials are never used near their end, and no timer runs. When the server cannot be asked the last ones are used,
 * or none: a direct connection may still work. Given servers are used as they are.
 */
export function iceSource(client: Pick<FoyerClient, 'ice'>, given?: IceServer[]): () => Promise<IceServer[]> {
  let known: { servers: IceServer[]; until: number } = {
    servers: given ?? [],
    until: given === undefined ? 0 : Infinity,
  }
  return async () => {
    if (performance.now() < known.until) return known.servers
    try {
      const { iceServers, refreshInMs } = await retry((signal) => client.ice.servers.query(undefined, { signal }), {
        deadlineMs: ASK_MS,
      })
      known = { servers: iceServers, until: performance.now() + (refreshInMs ?? Infinity) }
    } catch {
      // Better a peer without TURN than no peer.
    }
    return known.servers
  }
}
