import { answerOf, assertAnswer, assertOffer, type Contender, offerOf } from './handshake.ts'
import { type HttpClient, httpClient } from './http.ts'
import { type MailboxCalls, restCalls, trpcCalls } from './mailbox-calls.ts'

/** The two sides of a handshake, at one server process or at two. */
interface Sides {
  host: MailboxCalls
  guest: MailboxCalls
}

const WAIT_MS = 8_000

/** A guest: gets the offer and answers it. When it sent its answer, and when it read that it is in. */
async function beGuest(guest: MailboxCalls, { room, i }: { room: string; i: number }) {
  const { offer, offerId } = await guest.put(room, 'the guest has an offer too', 'offer')
  assertOffer(i, offer)
  const sent = performance.now()
  await guest.join(room, answerOf(i), offerId)
  return { sent, joined: performance.now() }
}

/** The host asks when the guest is in: what a poll that comes just then costs. The polls in between are `bench:idle`'s. */
const polled =
  ({ host, guest }: Sides, room: string) =>
  async (i: number) => {
    const began = performance.now()
    const { key } = await host.put(room, offerOf(i), 'key')
    const { sent, joined } = await beGuest(guest, { room, i })
    assertAnswer(i, await host.keep(room, key, 0))
    const at = performance.now()
    return { answer: at - sent, whole: at - began, afterJoined: at - joined }
  }

/** The host's keep is held by the server until the answer is there. */
const waiting =
  ({ host, guest }: Sides, room: string) =>
  async (i: number) => {
    const began = performance.now()
    const { key } = await host.put(room, offerOf(i), 'key')
    const kept = host.keep(room, key, WAIT_MS).then((answer) => ({ answer, at: performance.now() }))
    const [{ answer, at }, { sent, joined }] = await Promise.all([kept, beGuest(guest, { room, i })])
    assertAnswer(i, answer)
    return { answer: at - sent, whole: at - began, afterJoined: at - joined }
  }

const WAYS = { polled, waiting }
const NAMES = { polled: 'polled', waiting: '`wait`' }
const roomOf = (i: number) => `bench-${i}`

export interface MailboxOptions {
  over: 'REST' | 'tRPC'
  how: keyof typeof WAYS
  /** Connections of the host; also the guest's, unless those go to another process. */
  host: HttpClient
  guest?: HttpClient
}

/** The mailbox over kept-alive connections. */
export function mailbox({ over, how, host, guest = host }: MailboxOptions): Contender {
  const calls = over === 'REST' ? restCalls : trpcCalls
  const sides = { host: calls(host), guest: calls(guest) }
  return { name: `${over}, ${NAMES[how]}`, handshake: (i) => WAYS[how](sides, roomOf(i))(i) }
}

/** The same between strangers: host and guest open a connection each and close it afterwards. */
export const mailboxOfStrangers = (port: number): Contender => ({
  name: 'REST, `wait`, new connections',
  handshake: async (i) => {
    using host = httpClient({ port })
    using guest = httpClient({ port })
    return await waiting({ host: restCalls(host), guest: restCalls(guest) }, roomOf(i))(i)
  },
})
