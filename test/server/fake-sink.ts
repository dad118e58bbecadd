import type { BatchReply, Sink } from '../../server/commit.ts'

/** A document that wants a slot of its own. `bad`: one that no collection would take. */
export interface FakeDoc {
  _id: string
  slot: string
  size?: number
  bad?: true
}

/** What becomes of the next batch: decided; stored, but the reply is lost; lost on its way. */
type Network = 'up' | 'reply lost' | 'request lost'

/** A collection with a unique index on `slot`, in memory, behind a network that the test breaks and a gate that it holds. */
export function fakeSink() {
  const docs = new Map<string, FakeDoc>()
  const batches: FakeDoc[][] = []
  let network: Network = 'up'
  let gate = Promise.withResolvers<void>()
  gate.resolve()

  const refusal = ({ _id, slot }: FakeDoc) => {
    if (docs.has(_id)) return '_id_'
    return [...docs.values()].some((doc) => doc.slot === slot) ? 'slot' : null
  }
  const store = (batch: readonly FakeDoc[]): BatchReply => {
    const lost = new Map<number, string>()
    for (const [i, doc] of batch.entries()) {
      const index = refusal(doc)
      if (index !== null) lost.set(i, index)
      else if (doc.bad !== true) docs.set(doc._id, doc)
    }
    const error = new Error('a document failed validation')
    // Unordered: what stands beside a bad document is stored all the same.
    return batch.some(({ bad }) => bad === true) ? { kind: 'refused', error } : { kind: 'decided', lost }
  }

  const sink: Sink<FakeDoc> = {
    insert: async (batch) => {
      batches.push([...batch])
      const fate = network
      await gate.promise
      const unknown: BatchReply = { kind: 'unknown', error: new Error('the connection closed') }
      if (fate === 'request lost') return unknown
      const reply = store(batch)
      return fate === 'reply lost' ? unknown : reply
    },
    stored: async (ids) => {
      if (network !== 'up') throw new Error('the connection closed')
      return new Set(ids.filter((id) => docs.has(id)))
    },
    bytes: ({ size = 1 }) => size,
  }
  return {
    sink,
    docs,
    batches,
    /** The ids of each batch, in the order in which they were sent. */
    sent: () => batches.map((batch) => batch.map(({ _id }) => _id)),
    /** Who has the slot. */
    holder: (slot: string) => [...docs.values()].filter((doc) => doc.slot === slot).map(({ _id }) => _id),
    set: (state: Network) => void (network = state),
    /** Batches that are sent from now on stay on their way until `land`. */
    hold: () => void (gate = Promise.withResolvers()),
    land: () => gate.resolve(),
  }
}

let made = 0
/** A document for a slot; each has an id of its own. */
export const docFor = (slot: string, more: Partial<FakeDoc> = {}): FakeDoc => ({
  _id: `${slot}-${++made}`,
  slot,
  ...more,
})
