import { FoyerError } from '../../client/errors.ts'
import type { PeerSignal, PeerSignaling } from '../../client/peer.ts'

export type Side = 'host' | 'client'
const OTHER = { host: 'client', client: 'host' } as const

/**
 * The server's part between two peers, in memory: a generation is granted to whoever claims it first, signals of older ones
 * are refused, and each side's box is delivered in order. The test may hold, lose, reverse and repeat what it holds.
 */
export function memorySignaling() {
  let generation = 0
  let paused = false
  let copies = 1
  const boxes: Record<Side, PeerSignal[]> = { host: [], client: [] }
  const readers: Partial<Record<Side, (signal: PeerSignal) => Promise<void>>> = {}
  const came: Record<Side, PeerSignal[]> = { host: [], client: [] }
  const sent: { from: Side; signal: PeerSignal }[] = []
  const before: Partial<Record<Side, Promise<void>>> = {}
  const after: Partial<Record<Side, Promise<void>>> = {}

  const pump = (side: Side) => {
    const read = readers[side]
    if (paused || read === undefined) return
    for (const signal of boxes[side].splice(0)) {
      came[side].push(signal)
      for (let n = 0; n < copies; n++) void read(signal)
    }
  }
  const post = (from: Side, signal: PeerSignal) => {
    sent.push({ from, signal })
    boxes[OTHER[from]].push(signal)
    pump(OTHER[from])
  }
  const current = (claimed: number) => {
    if (claimed !== generation) throw new FoyerError('stale-generation')
  }

  const signaling = (from: Side): PeerSignaling => ({
    offer: async ({ sdp, generation: claimed }) => {
      await before[from]
      if (claimed !== generation + 1) return null
      generation = claimed
      post(from, { kind: 'offer', client: 'bob', generation, offer: sdp, restart: generation > 1 })
      await after[from]
      return claimed
    },
    answer: async ({ sdp, generation: answered }) => {
      current(answered)
      post(from, { kind: 'answer', client: 'bob', generation: answered, answer: sdp })
    },
    candidates: async (batch) => {
      current(batch.generation)
      post(from, { kind: 'candidates', client: 'bob', ...batch })
    },
  })

  const gate = (gates: Partial<Record<Side, Promise<void>>>, side: Side) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    gates[side] = promise
    return resolve
  }

  return {
    host: signaling('host'),
    client: signaling('client'),
    /** Everything that the server took. */
    sent,
    attach: (side: Side, read: (signal: PeerSignal) => Promise<void>) => {
      readers[side] = read
      pump(side)
    },
    delivered: (side: Side, kind: PeerSignal['kind'], of: number) =>
      came[side].some((signal) => signal.kind === kind && signal.generation === of),
    pause: () => {
      paused = true
    },
    resume: () => {
      paused = false
      pump('host')
      pump('client')
    },
    /** What is held comes in the other order. */
    reverse: () => void [boxes.host.reverse(), boxes.client.reverse()],
    /** What is held never comes. */
    lose: () => void [boxes.host.splice(0), boxes.client.splice(0)],
    /** From now on everything comes twice. */
    repeat: () => {
      copies = 2
    },
    /** This side's claims are slow on their way; the result lets them through. */
    slow: (side: Side) => gate(before, side),
    /** The replies to this side's claims are slow. */
    slowReply: (side: Side) => gate(after, side),
  }
}
export type MemorySignaling = ReturnType<typeof memorySignaling>
