import assert from 'node:assert/strict'
import type { HttpClient, Reply } from './http.ts'

/** What the mailbox's replies may hold; a field that is missing fails where it is needed. */
interface Body {
  key?: string
  offer?: string
  offerId?: string
  answer?: string | null
}

/** The mailbox as one client calls it, over REST or tRPC. Each call fails on any status but the one of success. */
export interface MailboxCalls {
  put: (room: string, offer: string, expected: 'key' | 'offer') => Promise<Body>
  join: (room: string, answer: string, offerId: string | undefined) => Promise<unknown>
  /** The answer; `wait`: how long the server may hold the request, ms. */
  keep: (room: string, key: string | undefined, wait: number) => Promise<string | null | undefined>
}

const bodyOf = (reply: Reply, status: number): Body & { result?: { data: { json: Body } } } => {
  assert.equal(reply.status, status, reply.text)
  return JSON.parse(reply.text)
}

export const restCalls = ({ call }: HttpClient): MailboxCalls => ({
  put: async (room, offer, expected) =>
    bodyOf(await call({ method: 'PUT', path: `/custom/${room}`, body: { offer } }), expected === 'key' ? 201 : 200),
  join: async (room, answer, offerId) =>
    bodyOf(await call({ method: 'POST', path: `/custom/${room}/join`, body: { answer, offerId } }), 201),
  keep: async (room, bearer, wait) => {
    const reply = await call({ method: 'POST', path: `/custom/${room}/keep`, bearer, body: { wait } })
    return reply.status === 204 ? null : bodyOf(reply, 200).answer
  },
})

/** tRPC's wire as its client writes it: one mutation a request, superjson. */
export function trpcCalls({ call }: HttpClient): MailboxCalls {
  const mutate = async (procedure: string, input: object, bearer?: string): Promise<Body> => {
    const reply = await call({ method: 'POST', path: `/trpc/mailbox.${procedure}`, body: { json: input }, bearer })
    return bodyOf(reply, 200).result?.data.json ?? assert.fail(reply.text)
  }
  return {
    put: (room, offer) => mutate('put', { room, offer }),
    join: (room, answer, offerId) => mutate('join', { room, answer, offerId }),
    keep: async (room, bearer, wait) => (await mutate('keep', { room, wait }, bearer)).answer,
  }
}
