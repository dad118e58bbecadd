import assert from 'node:assert/strict'

/** What one handshake took, ms. */
export interface Timing {
  /** From the guest's sending of its answer to the host's holding it. */
  answer: number
  /** From the host's first request to the host's holding the answer. */
  whole: number
  /** From the guest's reading that it is in (201) to the host's holding the answer; below 0 when the host was first. */
  afterJoined?: number
}

/** One way for a host and a guest to exchange an offer and its answer. Rejects when either side got another's. */
export interface Contender {
  name: string
  /** Handshake number `i`; numbers are never used twice. */
  handshake: (i: number) => Promise<Timing>
}

/** Session descriptions of the usual size for a data channel (reference/signaling.md §3), each different. */
const LINES = 'a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n'.repeat(9)
export const offerOf = (i: number) => `v=0\r\no=- ${i} 2 IN IP4 127.0.0.1\r\n${LINES}`
export const answerOf = (i: number) => `v=0\r\no=- ${i} 3 IN IP4 127.0.0.1\r\n${LINES}`

/** Every handshake is checked: the guest holds this host's offer, the host holds this guest's answer. */
export const assertOffer = (i: number, offer: unknown) =>
  assert.equal(offer, offerOf(i), `handshake ${i}: another's offer`)
export const assertAnswer = (i: number, answer: unknown) =>
  assert.equal(answer, answerOf(i), `handshake ${i}: another's answer`)
