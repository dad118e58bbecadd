import { describe, expect, test } from 'bun:test'
import { MongoClient } from 'mongodb'
import { committer } from '../../server/commit.ts'
import type { EventDoc } from '../../server/store/docs.ts'
import { docsOf, draft, eventsIn, logAppends } from '../kit/log-parts.ts'
import { recorder, type Sender } from '../kit/log-recorder.ts'
import { useDatabase } from '../kit/mongo.ts'
import { openTally } from '../kit/tally.ts'
import { startTcpProxy } from '../kit/tcp-proxy.ts'
import { until } from '../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const [host = '', port = ''] = String((await db.command({ hello: 1 })).primary).split(':')

/** A proxy in front of mongod, and the database's address behind it. `retryWrites=false`: the driver does not mend what is cut. */
async function proxied(retryWrites = false) {
  const proxy = await startTcpProxy({ host, port: Number(port) })
  const options = `directConnection=true&retryWrites=${retryWrites}`
  return Object.assign(proxy, { url: `mongodb://127.0.0.1:${proxy.port}/${db.databaseName}?${options}` })
}

describe.each([
  ['the log repeats', false],
  ['the driver repeats', true],
])('the connection is cut around an insert (room-log.md 7): %s', (_, retryWrites) => {
  test.each(['request', 'reply'] as const)('the %s is lost: done once, and the caller hears so', async (lose) => {
    await using proxy = await proxied(retryWrites)
    await using tally = await openTally(proxy.url)
    const { room, add, faults } = recorder()
    await add(tally)
    const id = Bun.randomUUIDv7()
    proxy.cut({ lose, text: id })
    const told = await Promise.all([add(tally, 5, id), add(tally)])
    expect(proxy.cuts()).toBe(1)
    expect(told).toEqual([
      { seq: 2, result: 6, replayed: false },
      { seq: 3, result: 7, replayed: false },
    ])
    const docs = await docsOf(db, room)
    expect(docs.map(({ n }) => n)).toEqual([1, 2])
    expect(faults(docs)).toEqual([])
  })

  test('the reply to a lost slot is lost: decided again, and done once', async () => {
    await using proxy = await proxied(retryWrites)
    await using tally = await openTally(proxy.url)
    await using other = await openTally(url)
    const { room, add, faults } = recorder()
    await add(tally)
    await add(other, 10)
    const id = Bun.randomUUIDv7()
    proxy.cut({ lose: 'reply', text: id })
    expect(await add(tally, 5, id)).toEqual({ seq: 3, result: 16, replayed: false })
    expect(proxy.cuts()).toBe(1)
    expect(faults(await docsOf(db, room))).toEqual([])
  })
})

describe('control: the same cut', () => {
  /** A writer that takes a broken connection for "not done": it says so, or tries again as it thinks best. */
  async function naively(write: (insert: (doc: EventDoc) => Promise<unknown>, doc: EventDoc) => Promise<unknown>) {
    await using proxy = await proxied()
    const { room, add, faults } = recorder()
    const id = Bun.randomUUIDv7()
    const doc = draft({ room, seq: 1, prev: null, ids: [id] })
    const client = await MongoClient.connect(proxy.url)
    const bare = eventsIn(client.db(db.databaseName))
    const naive: Sender = {
      send: async () => {
        await write((one) => bare.insertOne(one), doc)
        return { seq: 1, result: null, replayed: false }
      },
    }
    proxy.cut({ lose: 'reply', text: id })
    const told = await add(naive, 1, id).finally(() => client.close())
    return { room, add, faults, told }
  }

  test('a writer that says "failed" lets its caller do it twice', async () => {
    const { room, add, faults, told } = await naively((insert, doc) => insert(doc))
    expect(told).toEqual({ rule: 'failed' })
    await using tally = await openTally(url)
    expect(await add(tally, 1)).toEqual({ seq: 2, result: 2, replayed: false })
    expect(faults(await docsOf(db, room))).toContainEqual(expect.stringContaining('said to have failed'))
  })

  test('a writer that repeats under a new `_id` loses to itself, and says "failed" as well', async () => {
    const { room, faults, told } = await naively((insert, doc) =>
      insert(doc).catch(() => insert({ ...doc, _id: `${doc._id} again` })),
    )
    expect(told).toEqual({ rule: 'failed' })
    expect(faults(await docsOf(db, room))).toContainEqual(expect.stringContaining('said to have failed'))
  })
})

describe.each([
  ['it was stored, and its reply is late', true],
  ['it is not stored yet', false],
])('past the deadline, when %s', (_, stored) => {
  test('the caller hears "unknown-outcome", and the repeat gets the first result', async () => {
    const gate = Promise.withResolvers<void>()
    const late = logAppends(async (form, append) => {
      const doc = form()
      const outcome = stored ? await append(() => doc) : null
      await gate.promise
      return outcome ?? append(() => doc)
    })
    await using tally = await openTally(url, (log) => ({ ...late(log), deadlineMs: 500 }))
    await using other = await openTally(url)
    const { room, add, faults } = recorder()
    const id = Bun.randomUUIDv7()
    expect(await add(tally, 5, id)).toEqual({ rule: 'unknown-outcome' })
    // Also while the first is on its way.
    expect(await add(tally, 5, id)).toEqual({ rule: 'unknown-outcome' })
    if (stored) expect(await add(other, 5, id)).toEqual({ seq: 1, result: 5, replayed: true })
    gate.resolve()
    await until(async () => (await docsOf(db, room)).length === 1, { what: 'it is stored' })
    expect(await add(tally, 5, id)).toEqual({ seq: 1, result: 5, replayed: true })
    expect(await add(other, 5, id)).toEqual({ seq: 1, result: 5, replayed: true })
    expect(faults(await docsOf(db, room))).toEqual([])
  })
})

describe('an insert whose reply was lost, and whose repeat mongod refuses for another reason', () => {
  /** Stores what it gets, and loses the reply; after that mongod takes nothing (its disk is full, say). */
  const write = (finds: boolean) => {
    const stored = new Set<string>()
    const insert = async (docs: readonly { _id: string }[]) => {
      if (stored.size > 0) return { kind: 'refused', error: new Error('no space left') } as const
      for (const { _id } of docs) stored.add(_id)
      return { kind: 'unknown', error: new Error('the connection closed') } as const
    }
    const sink = { insert, stored: async () => (finds ? stored : new Set<string>()), bytes: () => 1 }
    return committer(sink, { retryMs: 1 }).insert({ _id: 'a' })
  }

  test('is found, and acknowledged', async () => {
    expect(await write(true)).toEqual({ stored: true })
  })

  test('control: without a look its caller hears "failed"', async () => {
    await expect(write(false)).rejects.toThrow('no space left')
  })
})

describe('control: told "failed" while the slot is open', () => {
  test('the old insert lands after all, beside what its caller did instead', async () => {
    const gate = Promise.withResolvers<void>()
    const landed = Promise.withResolvers<void>()
    const { room, add, faults } = recorder()
    const hasty = logAppends((form, append) => {
      const doc = form()
      void gate.promise.then(() => append(() => doc)).then(() => landed.resolve())
      return Promise.reject(new Error('timed out'))
    })
    await using tally = await openTally(url, hasty)
    expect(await add(tally, 5)).toEqual({ rule: 'failed' })
    gate.resolve()
    await landed.promise
    await using other = await openTally(url)
    expect(await add(other, 5)).toEqual({ seq: 2, result: 10, replayed: false })
    expect(faults(await docsOf(db, room))).toContainEqual(expect.stringContaining('said to have failed'))
  })
})
