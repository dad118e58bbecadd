import { describe, expect, test } from 'bun:test'
import { type Collection, MongoBulkWriteError, MongoClient } from 'mongodb'
import { committer } from '../../server/commit.ts'
import type { AnswerDoc } from '../../server/store/docs.ts'
import { INDEXES } from '../../server/store/indexes.ts'
import { sinkOf } from '../../server/store/sink.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startTcpProxy } from '../kit/tcp-proxy.ts'
import { answerFor } from './answers.ts'

const { db } = useDatabase(import.meta.path)
const majority = { writeConcern: { w: 'majority' }, readConcern: { level: 'majority' } } as const
const answers = db.collection<AnswerDoc>('answers', majority)
await answers.createIndexes(INDEXES.answers)
/** No index but `_id`: nothing but the committer keeps a document from being stored twice. */
const open = db.collection<AnswerDoc>('open', majority)
const [host = '', port = ''] = String((await db.command({ hello: 1 })).primary).split(':')

async function behindProxy(
  act: (over: Collection<AnswerDoc>, proxy: Awaited<ReturnType<typeof startTcpProxy>>) => Promise<void>,
) {
  await using proxy = await startTcpProxy({ host, port: Number(port) })
  const url = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`
  const client = await MongoClient.connect(url, { ...majority, retryWrites: false, serverSelectionTimeoutMS: 1_000 })
  try {
    await act(client.db(db.databaseName).collection<AnswerDoc>('open'), proxy)
  } finally {
    await client.close()
  }
}

/** What the driver or BSON refuses before it sends anything. */
const UNSENDABLE: [string, unknown][] = [
  ['over 16 MB', 'x'.repeat(17_000_000)],
  ['with NUL in a key', { 'a\0b': 1 }],
  ['with a type that is none', { _bsontype: 'Nothing' }],
  ['nested deeper than a collection takes', Array.from({ length: 190 }).reduce((inner) => ({ inner }), {})],
]

describe.each(UNSENDABLE)('a document %s', (_, part) => {
  const bad = () => Object.assign(answerFor(), { part })

  test('is refused, not unknown', async () => {
    expect((await sinkOf(answers).insert([answerFor(), bad()])).kind).toBe('refused')
  })

  test('fails alone through the committer; its neighbours are stored', async () => {
    const { insert } = committer({ ...sinkOf(answers), bytes: () => 1 }, { retryMs: 1 })
    const docs = [answerFor(), answerFor(), bad(), answerFor()]
    const told = await Promise.allSettled(docs.map((doc) => insert(doc)))
    expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect((await sinkOf(answers).stored(docs.map(({ _id }) => _id))).size).toBe(3)
  })
})

describe('a reply that is lost, where no index but `_id` helps', () => {
  test('through the committer the document is stored once', async () => {
    const doc = answerFor()
    await behindProxy(async (over, proxy) => {
      proxy.cut({ lose: 'reply', text: doc._id })
      expect(await committer(sinkOf(over), { retryMs: 1 }).insert(doc)).toEqual({ stored: true })
      expect(proxy.cuts()).toBe(1)
    })
    expect(await open.countDocuments({ offerId: doc.offerId })).toBe(1)
  })

  test('control: inserted again under a new id it is stored twice', async () => {
    const doc = answerFor()
    await behindProxy(async (over, proxy) => {
      proxy.cut({ lose: 'reply', text: doc._id })
      await expect(over.insertOne(doc)).rejects.toThrow()
      await over.insertOne(answerFor(doc.offerId))
    })
    expect(await open.countDocuments({ offerId: doc.offerId })).toBe(2)
  })
})

describe('a server that is away', () => {
  test('leaves an insert unknown, whether it was connected or is looked for', async () => {
    await behindProxy(async (over, proxy) => {
      expect((await sinkOf(over).insert([answerFor()])).kind).toBe('decided')
      await proxy[Symbol.asyncDispose]()
      expect((await sinkOf(over).insert([answerFor()])).kind).toBe('unknown')
      expect((await sinkOf(over).insert([answerFor()])).kind).toBe('unknown')
    })
  })
})

describe('control: a write-concern error', () => {
  test('hides the refusals: a writer that reads only those takes a refused document for stored', async () => {
    const refused = answerFor()
    await answers.insertOne(answerFor(refused.offerId))
    const hurried = db.collection<AnswerDoc>('answers', { writeConcern: { w: 2, wtimeoutMS: 100 } })
    const error: unknown = await hurried.insertMany([answerFor(), refused], { ordered: false }).catch((each) => each)
    if (!(error instanceof MongoBulkWriteError)) throw new Error('the write concern was met', { cause: error })
    expect([error.writeErrors].flat()).toEqual([])
    expect(await sinkOf(answers).stored([refused._id])).toEqual(new Set())
    expect((await sinkOf(hurried).insert([refused])).kind).toBe('unknown')
  })
})
