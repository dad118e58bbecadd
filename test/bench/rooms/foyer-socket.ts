import { openSocket, parserOfMany } from './socket.ts'

/** What a tRPC server sends over a WebSocket. */
interface Frame {
  id: number | null
  method?: string
  result?: { type: 'started' | 'stopped' | 'data'; id?: string; data?: { json: unknown } }
  error?: { json: { message: string; data: { rule: string } } }
}

interface Call {
  resolve: (value: unknown) => void
  reject: (error: Error) => void
  heard?: (data: unknown) => void
}

const parse = parserOfMany()

/**
 * tRPC's protocol over one WebSocket, without its client: the bytes are the same, and on a machine of two cores it is the server
 * that is measured. The token goes in tRPC's connectionParams.
 */
export async function foyerSocket(port: number, token: string) {
  const calls = new Map<number, Call>()
  let last = 0
  const hear = (text: string) => {
    if (text === 'PING') return socket.send('PONG')
    if (text === 'PONG') return
    // edge: the wire format of tRPC 11.
    const { id, result, error } = parse(text) as Frame
    const call = id === null ? undefined : calls.get(id)
    if (id === null || call === undefined) return
    if (error !== undefined) return call.reject(new Error(`${error.json.data.rule}: ${error.json.message}`))
    if (result?.type === 'started') call.resolve(null)
    else if (result?.type === 'stopped') call.reject(new Error('the subscription ended'))
    else if (call.heard !== undefined) call.heard(result?.data?.json)
    else {
      calls.delete(id)
      call.resolve(result?.data?.json)
    }
  }
  const socket = await openSocket(`ws://127.0.0.1:${port}/trpc?connectionParams=1`, hear)
  socket.send(JSON.stringify({ method: 'connectionParams', data: { authorization: `Bearer ${token}` } }))

  const ask = (method: string, path: string, json: unknown, heard?: Call['heard']) =>
    new Promise<unknown>((resolve, reject) => {
      calls.set(++last, { resolve, reject, ...(heard === undefined ? {} : { heard }) })
      socket.send(JSON.stringify({ id: last, method, params: { path, input: { json } } }))
    })
  return {
    // edge: the caller knows the procedure's type; the wire has none.
    mutate: <T>(path: string, input: unknown) => ask('mutation', path, input) as Promise<T>,
    // edge: as above.
    query: <T>(path: string, input: unknown) => ask('query', path, input) as Promise<T>,
    /** Resolves once the server began it. */
    subscribe: (path: string, input: unknown, heard: (data: unknown) => void) =>
      ask('subscription', path, input, heard),
    close: socket.close,
  }
}
export type FoyerSocket = Awaited<ReturnType<typeof foyerSocket>>
