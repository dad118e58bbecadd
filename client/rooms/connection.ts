import { createTRPCClient, wsLink } from '@trpc/client'
import type { AppRouter } from '../../server/app.ts'
import { bearer, type ConnectOptions, type FoyerClient, openSocket } from '../connect.ts'
import type { FoyerError } from '../errors.ts'
import { transformer } from '../transformer.ts'

export type ConnectionOptions = Pick<ConnectOptions, 'url' | 'token'> & {
  /** The server refuses the token, and the one that was asked for after that. */
  onRefused: (error: FoyerError) => void
  /** False: it is lost, or cannot be opened, and is tried again. */
  onReach: (isThere: boolean) => void
}

/** One WebSocket, whose token is replaced by a new connection: the server reads it when one opens. */
export function createConnection({ url, token, onRefused, onReach }: ConnectionOptions) {
  const params = async () => {
    const now = typeof token === 'function' ? await token() : token
    return typeof now === 'string' && now !== '' ? { authorization: bearer(now) } : {}
  }
  let newest = 0
  const open = () => {
    const own = ++newest
    const socket = openSocket(url, params)
    const client: FoyerClient = createTRPCClient<AppRouter>({
      links: [wsLink<AppRouter>({ client: socket, transformer })],
    })
    socket.connectionState.subscribe({
      next: ({ state, error }) => {
        if (own === newest) onReach(state !== 'connecting' || error === null)
      },
    })
    return { socket, client }
  }
  let now = open()
  let refusals = 0

  return {
    get client(): FoyerClient {
      return now.client
    },
    /** The server has taken this token. */
    accepted: (client: FoyerClient): void => {
      if (client === now.client) refusals = 0
    },
    /** The server has refused the token with which this client was connected: a function may have another by now. */
    refused: (client: FoyerClient, error: FoyerError): void => {
      // What else was under way on a connection that is replaced already.
      if (client !== now.client) return
      if (++refusals > 1) return onRefused(error)
      void now.socket.close()
      now = open()
    },
    close: (): void => void now.socket.close(),
  }
}
export type Connection = ReturnType<typeof createConnection>
