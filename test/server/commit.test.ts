import { describe, expect, test } from 'bun:test'
import { committer } from '../../server/commit.ts'
import { until } from '../kit/until.ts'
import { docFor, fakeSink } from './fake-sink.ts'

const STORED = { stored: true } as const
const slots = (count: number) => Array.from({ length: count }, (_, i) => `slot-${i}`)

describe('a lane has one document on its way (room-log.md 5)', () => {
  test('the next is formed when the first is decided, with all that gathered meanwhile', async () => {
    const fake = fakeSink()
    const { append } = committer(fake.sink)
    const waiting = ['first']
    const form = (_id: string) => () => ({ _id, slot: waiting.splice(0).join('+') })
    fake.hold()
    const first = append(form('a'), 'room')
    await until(() => fake.batches.length === 1, { what: 'the first document is sent' })
    waiting.push('second')
    const second = append(form('b'), 'room')
    waiting.push('third')
    const beside = append(() => ({ _id: 'c', slot: 'another room' }), 'other')
    expect(fake.sent()).toEqual([['a']])
    fake.land()
    expect(await Promise.all([first, second, beside])).toEqual([STORED, STORED, STORED])
    expect(fake.holder('second+third')).toEqual(['b'])
  })

  test('control: without the lane the second lands although the first does not', async () => {
    const fake = fakeSink()
    const { append, close } = committer(fake.sink, { retryMs: 60_000 })
    const write = async (lane: string | undefined) => {
      fake.docs.clear()
      fake.set('request lost')
      append(() => docFor('n = 1'), lane).catch(() => {})
      await until(() => fake.batches.at(-1)?.[0]?.slot === 'n = 1', { what: 'the first is sent' })
      fake.set('up')
      const second = append(() => docFor('n = 2'), lane)
      await Promise.race([second, new Promise((resolve) => setImmediate(resolve))])
      return fake.holder('n = 2').length
    }
    expect(await write(undefined)).toBe(1)
    expect(await write('room')).toBe(0)
    close()
  })

  test('a document that cannot be formed fails alone, and its lane goes on', async () => {
    const { sink } = fakeSink()
    const { append } = committer(sink)
    const broken = append(() => {
      throw new Error('decided otherwise')
    }, 'room')
    const next = append(() => docFor('next'), 'room')
    await expect(broken).rejects.toThrow('decided otherwise')
    expect(await next).toEqual(STORED)
  })
})

describe('a batch is bounded (room-log.md 6)', () => {
  test('by the number of documents', async () => {
    const fake = fakeSink()
    const { insert } = committer(fake.sink, { batchDocs: 4 })
    await Promise.all(slots(10).map((slot) => insert(docFor(slot))))
    expect(fake.batches.map((batch) => batch.length)).toEqual([4, 4, 2])
    expect(fake.docs.size).toBe(10)
  })

  test('by bytes', async () => {
    const fake = fakeSink()
    const { insert } = committer(fake.sink, { batchBytes: 100 })
    await Promise.all(slots(5).map((slot) => insert(docFor(slot, { size: 40 }))))
    expect(fake.batches.map((batch) => batch.length)).toEqual([2, 2, 1])
  })

  test('a document that does not fit in waits for the next batch as it was formed', async () => {
    const fake = fakeSink()
    const { append } = committer(fake.sink, { batchBytes: 100 })
    const formed: string[] = []
    const form = (slot: string) => () => {
      formed.push(slot)
      return docFor(slot, { size: 40 })
    }
    await Promise.all(slots(5).map((slot) => append(form(slot))))
    expect(formed).toEqual(slots(5))
  })

  test('control: without bounds all of it leaves at once', async () => {
    const fake = fakeSink()
    const { insert } = committer(fake.sink, {
      batchDocs: Number.POSITIVE_INFINITY,
      batchBytes: Number.POSITIVE_INFINITY,
    })
    await Promise.all(slots(1_000).map((slot) => insert(docFor(slot, { size: 10_000 }))))
    expect(fake.batches.map((batch) => batch.length)).toEqual([1_000])
  })

  test('a document over the limit is refused alone and never sent', async () => {
    const fake = fakeSink()
    const { insert } = committer(fake.sink, { docBytes: 100 })
    const large = insert(docFor('large', { size: 101 }))
    const others = slots(3).map((slot) => insert(docFor(slot, { size: 100 })))
    await expect(large).rejects.toMatchObject({ rule: 'too-large', details: { limit: 100 } })
    expect(await Promise.all(others)).toEqual([STORED, STORED, STORED])
    expect(fake.batches.flat().some(({ slot }) => slot === 'large')).toBe(false)
  })

  test('control: without the limit it is sent', async () => {
    const fake = fakeSink()
    const { insert } = committer(fake.sink, { docBytes: Number.POSITIVE_INFINITY })
    expect(await insert(docFor('large', { size: 101 }))).toEqual(STORED)
  })
})

describe('a batch leaves', () => {
  const turn = () => new Promise((resolve) => setImmediate(resolve))

  test('with all who came in one turn of the event loop, although nothing flies', async () => {
    const fake = fakeSink()
    const { insert } = committer(fake.sink)
    const twoSteps = async (slot: string) => {
      await Promise.resolve()
      return insert(docFor(slot))
    }
    await Promise.all([insert(docFor('at once')), ...slots(20).map(twoSteps)])
    expect(fake.batches).toHaveLength(1)
  })

  test('at once while a flight is free; then those who wait share the next', async () => {
    const fake = fakeSink()
    const { insert } = committer(fake.sink, { flights: 2 })
    fake.hold()
    const calls: Promise<unknown>[] = []
    for (const slot of slots(10)) {
      calls.push(insert(docFor(slot)))
      await turn()
    }
    expect(fake.batches.map((batch) => batch.length)).toEqual([1, 1])
    fake.land()
    await Promise.all(calls)
    expect(fake.batches.map((batch) => batch.length)).toEqual([1, 1, 8])
  })
})
