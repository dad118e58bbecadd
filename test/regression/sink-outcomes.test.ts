import { expect, test } from 'bun:test'
import { MongoClient } from 'mongodb'
import { committer } from '../../server/commit.ts'
import type { AnswerDoc } from '../../server/store/docs.ts'
import { sinkOf } from '../../server/store/sink.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startTcpProxy } from '../kit/tcp-proxy.ts'
import { until } from '../kit/until.ts'
import { answerFor } from '../store/answers.ts'

const { db } = useDatabase(import.meta.path)
const majority = { writeConcern: { w: 'majority' }, readConcern: { level: 'majority' } } as const
const open = db.collection<AnswerDoc>('open', majority)

test('a document that mongod refuses with a top-level error hurts nobody else (room-log.md 6)', async () => {
  const part = Array.from({ length: 250 }).reduce((inner) => ({ inner }), {})
  const { insert, close } = committer(sinkOf(open), { retryMs: 20, deadlineMs: 1_000 })
  const docs = [answerFor(), Object.assign(answerFor(), { part }), answerFor()]
  const told = await Promise.allSettled(docs.map((doc) => insert(doc)))
  close()
  expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('a stored document whose reply was lost is not called failed because the client closed (room-log.md 7)', async () => {
  const [host = '', port = ''] = String((await db.command({ hello: 1 })).primary).split(':')
  await using proxy = await startTcpProxy({ host, port: Number(port) })
  const url = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`
  const client = await MongoClient.connect(url, { ...majority, retryWrites: false })
  const doc = answerFor()
  proxy.cut({ lose: 'reply', text: doc._id })
  const over = sinkOf(client.db(db.databaseName).collection<AnswerDoc>('open'))
  const kinds: string[] = []
  const send: typeof over.insert = async (docs) => {
    const reply = await over.insert(docs)
    kinds.push(reply.kind)
    return reply
  }
  const { insert, close } = committer({ ...over, insert: send })
  const outcome = insert(doc).catch((error) => error)
  await until(() => kinds.length === 1, { what: 'the reply is lost' })
  expect([proxy.cuts(), kinds]).toEqual([1, ['unknown']])
  // As connectStore().close() does: the tables, then the client.
  close()
  await client.close()
  expect(await open.countDocuments({ _id: doc._id })).toBe(1)
  expect(await outcome).toMatchObject({ rule: 'unknown-outcome' })
})
