import { describe, expect, test } from 'bun:test'
import { type Collection, MongoClient } from 'mongodb'
import { committer, type Sink } from '../../server/commit.ts'
import type { AnswerDoc } from '../../server/store/docs.ts'
import { INDEXES } from '../../server/store/indexes.ts'
import { sinkOf } from '../../server/store/sink.ts'
import { useDatabase } from '../kit/mongo.ts'
import { type Cut, startTcpProxy } from '../kit/tcp-proxy.ts'
import { answerFor } from './answers.ts'

const { db } = useDatabase(import.meta.path)
const direct = db.collection<AnswerDoc>('answers')
await direct.createIndexes(INDEXES.answers)
const [host = '', port = ''] = String((await db.command({ hello: 1 })).primary).split(':')

/** The collection behind a proxy that loses one message about `doc`. `retryWrites: false`: the driver does not mend it. */
async function behindProxy(
  { doc, lose, retryWrites }: { doc: AnswerDoc; lose: Cut['lose']; retryWrites: boolean },
  act: (collection: Collection<AnswerDoc>) => Promise<unknown>,
) {
  await using proxy = await startTcpProxy({ host, port: Number(port) })
  const client = await MongoClient.connect(`mongodb://127.0.0.1:${proxy.port}/?directConnection=true`, {
    retryWrites,
    writeConcern: { w: 'majority' },
    readConcern: { level: 'majority' },
  })
  try {
    proxy.cut({ lose, text: doc._id })
    const result = await act(client.db(db.databaseName).collection<AnswerDoc>('answers'))
    expect(proxy.cuts()).toBe(1)
    return result
  } finally {
    await client.close()
  }
}

const insertBy = (doc: AnswerDoc, rule: (sink: Sink<AnswerDoc>) => Sink<AnswerDoc> = (sink) => sink) => {
  return (collection: Collection<AnswerDoc>) => committer(rule(sinkOf(collection)), { retryMs: 1 }).insert(doc)
}
const stored = (doc: AnswerDoc) => direct.countDocuments({ offerId: doc.offerId })

describe.each([
  ['the committer repeats', false],
  ['the driver repeats', true],
])('the connection is cut around an insert: %s', (_, retryWrites) => {
  test.each(['request', 'reply'] as const)(
    'the %s is lost: stored exactly once, and the caller hears so',
    async (lose) => {
      const doc = answerFor()
      expect(await behindProxy({ doc, lose, retryWrites }, insertBy(doc))).toEqual({ stored: true })
      expect(await stored(doc)).toBe(1)
    },
  )

  test('the reply to a refusal is lost: still refused', async () => {
    const doc = answerFor()
    await direct.insertOne(answerFor(doc.offerId))
    const outcome = await behindProxy({ doc, lose: 'reply', retryWrites }, insertBy(doc))
    expect(outcome).toEqual({ stored: false, lost: 'offer' })
    expect(await stored(doc)).toBe(1)
  })
})

describe('control: the same cut', () => {
  test('a bare insert fails although the document is stored', async () => {
    const doc = answerFor()
    const bare = (collection: Collection<AnswerDoc>) => collection.insertOne(doc).catch(() => 'failed')
    expect(await behindProxy({ doc, lose: 'reply', retryWrites: false }, bare)).toBe('failed')
    expect(await stored(doc)).toBe(1)
  })

  test('a repeat that does not look whose document it is loses to itself', async () => {
    const doc = answerFor()
    const blind = insertBy(doc, (sink) => ({ ...sink, stored: async () => new Set() }))
    expect(await behindProxy({ doc, lose: 'reply', retryWrites: false }, blind)).toMatchObject({ stored: false })
    expect(await stored(doc)).toBe(1)
  })
})
