import { describe, expect, test } from 'bun:test'
import { committer, type Sink } from '../../server/commit.ts'
import { until } from '../kit/until.ts'
import { docFor, type FakeDoc, fakeSink } from './fake-sink.ts'

const laneOf = ({ slot }: FakeDoc) => slot.split(':')[0] ?? slot
const most = (counts: Iterable<number>) => Math.max(0, ...counts)

/** Counts what is on its way at once: batches, and documents of one lane. Each fourth is slow, so that later ones land before it. */
function watched(sink: Sink<FakeDoc>) {
  const air = new Set<readonly FakeDoc[]>()
  const seen = { batches: 0, perLane: 0, sent: 0 }
  const insert = async (docs: readonly FakeDoc[]) => {
    air.add(docs)
    const lanes = Map.groupBy([...air].flat(), laneOf)
    seen.batches = Math.max(seen.batches, air.size)
    seen.perLane = Math.max(seen.perLane, most(lanes.values().map((each) => each.length)))
    for (let turns = seen.sent++ % 4 === 0 ? 20 : 1; turns > 0; turns--) await new Promise((go) => setImmediate(go))
    const reply = await sink.insert(docs)
    air.delete(docs)
    return reply
  }
  return { seen, sink: { ...sink, insert } }
}

describe('several batches on their way (room-log.md 5)', () => {
  /** Twenty documents of each of twelve rooms, in batches small enough that several fly. */
  const write = async (mode: 'lanes' | 'no lanes') => {
    const fake = fakeSink()
    const { seen, sink } = watched(fake.sink)
    const { insert } = committer(sink, { batchDocs: 4 })
    const docs = Array.from({ length: 240 }, (_, i) => docFor(`room${i % 12}:${Math.floor(i / 12)}`))
    await Promise.all(docs.map((doc) => insert(doc, mode === 'lanes' ? laneOf(doc) : undefined)))
    const orderOf = Map.groupBy(fake.docs.values(), laneOf)
    const isInOrder = [...orderOf.values()].every((own) => own.every(({ slot }, n) => slot.endsWith(`:${n}`)))
    return { ...seen, isInOrder, stored: fake.docs.size }
  }

  test('hold different rooms, and each room`s documents land in order', async () => {
    expect(await write('lanes')).toMatchObject({ batches: 3, perLane: 1, isInOrder: true, stored: 240 })
  })

  test('control: without lanes a room has several on their way, and a later one lands first', async () => {
    const { perLane, isInOrder } = await write('no lanes')
    expect(perLane).toBeGreaterThan(1)
    expect(isInOrder).toBe(false)
  })

  test('a stuck batch holds up its own rooms only', async () => {
    const fake = fakeSink()
    const stuck = docFor('stuck:0')
    const gate = Promise.withResolvers<void>()
    const sent: FakeDoc[] = []
    const insert = async (docs: readonly FakeDoc[]) => {
      sent.push(...docs)
      if (docs.includes(stuck)) await gate.promise
      return fake.sink.insert(docs)
    }
    const commit = committer({ ...fake.sink, insert })
    const first = commit.insert(stuck, 'stuck')
    const next = commit.insert(docFor('stuck:1'), 'stuck')
    await until(() => sent.length > 0, { what: 'it is on its way' })
    await Promise.all([0, 1, 2, 3].map((n) => commit.insert(docFor(`room${n}:0`), `room${n}`)))
    expect([...fake.docs.values()].map(laneOf)).not.toContain('stuck')
    gate.resolve()
    await Promise.all([first, next])
    expect(fake.docs.size).toBe(6)
  })
})

describe('control: "failed" told on an unknown outcome (room-log.md 7)', () => {
  test('the old insert lands afterwards, and a user who tries again has written twice', async () => {
    const fake = fakeSink()
    const asked: FakeDoc[] = []
    const impatient = async (doc: FakeDoc) => {
      asked.push(doc)
      const reply = fake.sink.insert([doc])
      return Promise.race([reply.then(() => 'stored'), new Promise((go) => setImmediate(() => go('failed')))])
    }
    fake.hold()
    expect(await impatient(docFor('slot 7'))).toBe('failed')
    fake.land()
    expect(await impatient(docFor('slot 8'))).toBe('stored')
    await until(() => fake.docs.size === 2, { what: 'the first landed too' })
    expect(asked.map(({ slot }) => fake.holder(slot).length)).toEqual([1, 1])
  })

  test('the committer tells nothing while replies are lost, and stores once', async () => {
    const fake = fakeSink()
    fake.set('reply lost')
    const { insert } = committer(fake.sink, { retryMs: 1 })
    let told: unknown = 'nothing'
    const outcome = insert(docFor('slot 7')).finally(() => (told = 'something'))
    await until(() => fake.batches.length > 2, { what: 'it is repeated' })
    expect([told, fake.docs.size]).toEqual(['nothing', 1])
    fake.set('up')
    expect(await outcome).toEqual({ stored: true })
    expect(fake.docs.size).toBe(1)
  })
})
