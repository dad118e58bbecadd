import { describe, expect, test } from 'bun:test'
import { committer } from '../../server/commit.ts'
import { until } from '../kit/until.ts'
import { docFor, fakeSink } from './fake-sink.ts'

const STORED = { stored: true } as const
const UNKNOWN = { rule: 'unknown-outcome' }

describe('the deadline of a caller', () => {
  test('tells it `unknown-outcome` while the write goes on, and its lane stays blocked until it is decided', async () => {
    const fake = fakeSink()
    fake.set('request lost')
    const { insert } = committer(fake.sink, { deadlineMs: 20, retryMs: 1 })
    const first = docFor('n = 1')
    const second = docFor('n = 2')
    const calls = [insert(first, 'room'), insert(second, 'room'), insert(docFor('another room'), 'other')]
    const told = await Promise.allSettled(calls)
    expect(told.map((each) => each.status === 'rejected' && each.reason.rule)).toEqual(Array(3).fill('unknown-outcome'))
    expect(fake.sent().flat()).not.toContain(second._id)
    fake.set('up')
    await until(() => fake.docs.size === 3, { what: 'all three are stored after all' })
    expect([...fake.docs.keys()].indexOf(first._id)).toBeLessThan([...fake.docs.keys()].indexOf(second._id))
  })

  test('control: a caller that gives up its lane at the deadline lands its second document without the first', async () => {
    const fake = fakeSink()
    fake.set('request lost')
    const { insert, close } = committer(fake.sink, { deadlineMs: 20, retryMs: 60_000 })
    await expect(insert(docFor('n = 1'))).rejects.toMatchObject(UNKNOWN)
    fake.set('up')
    expect(await insert(docFor('n = 2'))).toEqual(STORED)
    expect([fake.holder('n = 1').length, fake.holder('n = 2').length]).toEqual([0, 1])
    close()
  })
})

describe('close', () => {
  test('takes no more documents', async () => {
    const { insert, close } = committer(fakeSink().sink)
    close()
    await expect(insert(docFor('late'))).rejects.toMatchObject({ rule: 'shutting-down' })
  })

  test('lets what is on its way be decided', async () => {
    const fake = fakeSink()
    const { insert, close } = committer(fake.sink)
    fake.hold()
    const outcome = insert(docFor('in flight'))
    await until(() => fake.batches.length === 1, { what: 'it is sent' })
    close()
    fake.land()
    expect(await outcome).toEqual(STORED)
  })

  test('answers what stays unknown, and repeats it no more', async () => {
    const fake = fakeSink()
    const { insert, close } = committer(fake.sink, { retryMs: 1 })
    fake.set('request lost')
    fake.hold()
    const outcome = insert(docFor('unknown'))
    await until(() => fake.batches.length === 1, { what: 'it is sent' })
    close()
    fake.land()
    await expect(outcome).rejects.toMatchObject(UNKNOWN)
    expect(fake.batches).toHaveLength(1)
  })
})
