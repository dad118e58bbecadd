import assert from 'node:assert/strict'
import { answerOf, assertAnswer, assertOffer, type Contender, offerOf, type Timing } from './handshake.ts'
import type { HttpClient, Reply } from './http.ts'

/** A server for the host and one for the guest: two connections pools, to one process or to two. */
export interface Sides {
  host: HttpClient
  guest: HttpClient
  /** Makes room names unique to this run. */
  run: string
}

/** What the server's replies may hold; a field that is missing fails where it is needed. */
interface Body {
  key?: string
  offer?: string
  offerId?: string
  answer?: string | null
}

const bodyOf = (reply: Reply, status: number): Body => {
  assert.equal(reply.status, status, reply.text)
  const body: Body & { result?: { data: { json: Body } } } = JSON.parse(reply.text)
  return body.result?.data.json ?? body
}

/** The seed's four requests, the host's keep sent when the guest is in: what a poll that comes just then costs. */
export const restPolling = ({ host, guest, run }: Sides): Contender => ({
  name: 'REST, polled',
  handshake: async (i) => {
    const path = `/custom/${run}-${i}`
    const began = performance.now()
    const put = await host.call({ method: 'PUT', path, body: { offer: offerOf(i) } })
    const { key } = bodyOf(put, 201)
    const { sent, joined } = await beGuest({ guest, path, i })
    const kept = await host.call({ method: 'POST', path: `${path}/keep`, bearer: key })
    return timing({ began, sent, joined }, () => assertAnswer(i, bodyOf(kept, 200).answer))
  },
})

/** The host waits inside its keep (`wait`), before the guest comes. */
export const restWaiting = ({ host, guest, run }: Sides): Contender => ({
  name: 'REST, `wait`',
  handshake: async (i) => {
    const path = `/custom/${run}-${i}`
    const began = performance.now()
    const put = await host.call({ method: 'PUT', path, body: { offer: offerOf(i) } })
    const { key } = bodyOf(put, 201)
    const kept = host
      .call({ method: 'POST', path: `${path}/keep`, bearer: key, body: { wait: 8_000 } })
      .then((reply) => ({ reply, at: performance.now() }))
    const { sent, joined } = await beGuest({ guest, path, i })
    const { reply, at } = await kept
    return timing({ began, sent, joined, at }, () => assertAnswer(i, bodyOf(reply, 200).answer))
  },
})

async function beGuest({ guest, path, i }: { guest: HttpClient; path: string; i: number }) {
  const { offer, offerId } = bodyOf(await guest.call({ method: 'PUT', path, body: { offer: 'v=0 guest' } }), 200)
  assertOffer(i, offer)
  const sent = performance.now()
  const reply = await guest.call({ method: 'POST', path: `${path}/join`, body: { answer: answerOf(i), offerId } })
  const joined = performance.now()
  bodyOf(reply, 201)
  return { sent, joined }
}

/** The same four calls as tRPC mutations (superjson on the wire, no batching). */
export const trpcPolling = ({ host, guest, run }: Sides): Contender => ({
  name: 'tRPC, polled',
  handshake: async (i) => {
    const room = `${run}-${i}`
    const began = performance.now()
    const { key } = await mutate(host, { procedure: 'put', input: { room, offer: offerOf(i) } })
    const { offer, offerId } = await mutate(guest, { procedure: 'put', input: { room, offer: 'v=0 guest' } })
    assertOffer(i, offer)
    const sent = performance.now()
    await mutate(guest, { procedure: 'join', input: { room, answer: answerOf(i), offerId } })
    const joined = performance.now()
    const { answer } = await mutate(host, { procedure: 'keep', input: { room }, bearer: key })
    return timing({ began, sent, joined }, () => assertAnswer(i, answer))
  },
})

async function mutate(client: HttpClient, call: { procedure: string; input: unknown; bearer?: string | undefined }) {
  const { procedure, input, ...rest } = call
  const path = `/trpc/mailbox.${procedure}`
  return bodyOf(await client.call({ method: 'POST', path, body: { json: input }, ...rest }), 200)
}

function timing(
  { began, sent, joined, at = performance.now() }: { began: number; sent: number; joined: number; at?: number },
  check: () => void,
): Timing {
  check()
  return { answer: at - sent, whole: at - began, afterJoined: at - joined }
}
