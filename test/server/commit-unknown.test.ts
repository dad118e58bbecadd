import { describe, expect, test } from 'bun:test'
import { committer, type Outcome, type Sink } from '../../server/commit.ts'
import { until } from '../kit/until.ts'
import { docFor, type FakeDoc, fakeSink } from './fake-sink.ts'

const STORED: Outcome = { stored: true }
const retryMs = 1

describe('a batch refused as a whole (room-log.md 6)', () => {
  const batch = () => Array.from({ length: 9 }, (_, i) => docFor(`slot-${i}`, i === 4 ? { bad: true } : {}))
  const settled = (calls: Promise<Outcome>[]) =>
    Promise.all(
      calls.map((call) =>
        call.then(
          ({ stored }) => stored,
          () => 'failed',
        ),
      ),
    )
  const ALONE = [true, true, true, true, 'failed', true, true, true, true]

  test('is halved until the bad document is alone; the others are stored, also those that were already', async () => {
    const fake = fakeSink()
    const { insert } = committer(fake.sink)
    expect(await settled(batch().map((doc) => insert(doc)))).toEqual(ALONE)
    expect(fake.docs.size).toBe(8)
  })

  test('control: a writer that does not halve fails all of them', async () => {
    const { sink } = fakeSink()
    const once = async (docs: FakeDoc[]) => (await sink.insert(docs)).kind === 'decided'
    const docs = batch()
    const stored = once(docs)
    expect(await settled(docs.map(async () => ((await stored) ? STORED : Promise.reject())))).not.toEqual(ALONE)
  })
})

describe('an unknown outcome (room-log.md 7)', () => {
  test.each(['reply lost', 'request lost'] as const)(
    '%s: the same id is sent again and stored exactly once',
    async (state) => {
      const fake = fakeSink()
      fake.set(state)
      const doc = docFor('mine')
      const outcome = committer(fake.sink, { retryMs }).insert(doc)
      await until(() => fake.batches.length > 2, { what: 'it is repeated' })
      fake.set('up')
      expect(await outcome).toEqual(STORED)
      expect(new Set(fake.sent().flat())).toEqual(new Set([doc._id]))
      expect(fake.holder('mine')).toEqual([doc._id])
    },
  )

  test('control: a writer that repeats with a new id loses to itself', async () => {
    const fake = fakeSink()
    fake.set('reply lost')
    await fake.sink.insert([docFor('mine')])
    fake.set('up')
    expect(await committer(fake.sink).insert(docFor('mine'))).toEqual({ stored: false, lost: 'slot' })
  })

  test('another`s document in the slot: lost', async () => {
    const fake = fakeSink()
    expect(await takenMeanwhile(fake, fake.sink)).toEqual({ stored: false, lost: 'slot' })
  })

  test('control: a writer that takes every refusal of its repeat for its own document says "stored"', async () => {
    const fake = fakeSink()
    expect(await takenMeanwhile(fake, { ...fake.sink, stored: async (ids) => new Set(ids) })).toEqual(STORED)
    expect(fake.holder('wanted')).toEqual(['another'])
  })

  test('stays unknown while the read that decides it fails', async () => {
    const fake = fakeSink()
    fake.set('reply lost')
    const doc = docFor('mine')
    const reads = { failing: 3 }
    const stored = async (ids: readonly string[]) => {
      if (reads.failing-- > 0) throw new Error('the connection closed')
      return fake.sink.stored(ids)
    }
    const outcome = committer({ ...fake.sink, stored }, { retryMs }).insert(doc)
    await until(() => fake.docs.size === 1, { what: 'it is stored' })
    fake.set('up')
    expect(await outcome).toEqual(STORED)
    expect(reads.failing).toBeLessThan(0)
  })

  test('documents that share its batch, or come after it, are decided by themselves', async () => {
    const fake = fakeSink()
    fake.docs.set('another', { _id: 'another', slot: 'taken' })
    fake.set('reply lost')
    const { insert } = committer(fake.sink, { retryMs })
    const mine = [insert(docFor('free')), insert(docFor('taken'))]
    await until(() => fake.batches.length > 1, { what: 'they are repeated' })
    fake.set('up')
    const later = insert(docFor('later'))
    expect(await Promise.all([...mine, later])).toEqual([STORED, { stored: false, lost: 'slot' }, STORED])
  })

  test('a batch that waits for its repeat is in nobody`s way', async () => {
    const fake = fakeSink()
    fake.set('request lost')
    const { insert, close } = committer(fake.sink, { retryMs: 60_000, flights: 1 })
    insert(docFor('stuck')).catch(() => {})
    await until(() => fake.batches.length === 1, { what: 'the first is sent' })
    fake.set('up')
    expect(await insert(docFor('next'))).toEqual(STORED)
    close()
  })
})

/** A document whose request was lost, and whose slot somebody else took before the repeat. */
async function takenMeanwhile(fake: ReturnType<typeof fakeSink>, sink: Sink<FakeDoc>) {
  fake.set('request lost')
  const outcome = committer(sink, { retryMs }).insert(docFor('wanted'))
  await until(() => fake.batches.length > 0, { what: 'it is sent' })
  fake.docs.set('another', { _id: 'another', slot: 'wanted' })
  fake.set('up')
  return outcome
}
