import { afterAll } from 'bun:test'
import { createHttp } from '../../server/http.ts'
import { openFoyer } from '../kit/server.ts'

export interface Reply {
  status: number
  retryAfter: string | null
  body: { key?: string; offer?: string; offerId?: string; answer?: string; rule?: string }
}
export interface CallOptions {
  body?: unknown
  key?: string | undefined
  idempotencyKey?: string | undefined
}

/** One server process's worth of Foyer inside the test, its REST routes called without a port. */
export async function openRest(url: string, env: Record<string, string> = {}) {
  const { foyer, close } = await openFoyer({ url, env })
  const { store } = foyer
  const { app } = createHttp(foyer, null)
  const call = async (method: string, path: string, options: CallOptions = {}): Promise<Reply> => {
    const { body, key, idempotencyKey } = options
    const headers = {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    }
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const response = await app.handle(new Request(`http://localhost/custom/${path}`, init))
    const text = await response.text()
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      body: text === '' ? {} : JSON.parse(text),
    }
  }
  afterAll(close)
  return {
    services: foyer,
    store,
    close,
    put: (room: string, offer: string, options: CallOptions = {}) => call('PUT', room, { body: { offer }, ...options }),
    keep: (room: string, key: string | undefined, options: CallOptions & { wait?: number } = {}) =>
      call('POST', `${room}/keep`, { key, body: { wait: options.wait ?? 0 }, ...options }),
    join: (room: string, answer: string, options: CallOptions & { offerId?: string | undefined } = {}) =>
      call('POST', `${room}/join`, { body: { answer, offerId: options.offerId }, ...options }),
    remove: (room: string, key?: string) => call('DELETE', room, { key }),
    /** Moves data, not time: the room's offer expired `ms` ago. */
    expire: async (room: string, ms = 1) => {
      const expiresAt = new Date(store.clock.now().getTime() - ms)
      await store.offers.collection.updateOne({ room, live: true }, { $set: { expiresAt } })
    },
  }
}
export type Rest = Awaited<ReturnType<typeof openRest>>

let rooms = 0
/** A room name that no other test has. */
export const newRoom = () => `room-${++rooms}`
