import type { Fetch } from '../index.ts'

/** A request of the client to the server, as it leaves and as it is answered. */
export type RequestEvent =
  | { type: 'sent'; id: number; name: string }
  /** `status` null: there was no reply. */
  | { type: 'replied'; id: number; status: number | null; ms: number }

/** fetch, telling of each request by its tRPC procedure. */
export function toldFetch(tell: (event: RequestEvent) => void): Fetch {
  let last = 0
  return async (input, init) => {
    const id = ++last
    const { pathname } = new URL(input instanceof Request ? input.url : input, location.href)
    const began = performance.now()
    const replied = (status: number | null) => tell({ type: 'replied', id, status, ms: performance.now() - began })
    tell({ type: 'sent', id, name: decodeURIComponent(pathname.replace(/^.*\//, '')) })
    try {
      const response = await fetch(input, init)
      replied(response.status)
      return response
    } catch (error) {
      replied(null)
      throw error
    }
  }
}
