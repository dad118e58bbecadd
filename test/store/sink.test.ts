import { beforeAll, describe, expect, test } from 'bun:test'
import { committer } from '../../server/commit.ts'
import type { AnswerDoc } from '../../server/store/docs.ts'
import { INDEXES } from '../../server/store/indexes.ts'
import { sinkOf } from '../../server/store/sink.ts'
import { useDatabase } from '../kit/mongo.ts'
import { until } from '../kit/until.ts'
import { answerFor } from './answers.ts'

const { db } = useDatabase(import.meta.path)
const majority = { writeConcern: { w: 'majority' }, readConcern: { level: 'majority' } } as const
const answers = db.collection<AnswerDoc>('answers', majority)
const sink = sinkOf(answers)

beforeAll(async () => void (await answers.createIndexes(INDEXES.answers)))

describe('a batch in which some are refused', () => {
  test('says by which index, of each document, and stores the others', async () => {
    const [first, taken] = [answerFor(), answerFor()]
    await answers.insertMany([first, taken])
    const twin = answerFor()
    const batch = [
      answerFor(),
      answerFor(taken.offerId),
      { ...first, offerId: 'of-nobody' },
      twin,
      answerFor(twin.offerId),
    ]
    const lost = new Map([
      [1, 'offer'],
      [2, '_id_'],
      [4, 'offer'],
    ])
    expect(await sink.insert(batch)).toEqual({ kind: 'decided', lost })
    const ids = batch.map(({ _id }) => _id)
    expect(await sink.stored(ids)).toEqual(new Set([ids[0], first._id, twin._id].flatMap((id) => id ?? [])))
  })

  test('all of them, or none', async () => {
    const batch = [answerFor(), answerFor()]
    expect(await sink.insert(batch)).toEqual({ kind: 'decided', lost: new Map() })
    const again = batch.map(({ offerId }) => answerFor(offerId))
    const both = new Map([
      [0, 'offer'],
      [1, 'offer'],
    ])
    expect(await sink.insert(again)).toEqual({ kind: 'decided', lost: both })
  })
})

describe('a write-concern error', () => {
  // Two members must confirm, and there is one: each document is stored, but perhaps not for good.
  const hurried = db.collection<AnswerDoc>('answers', { writeConcern: { w: 2, wtimeoutMS: 100 } })

  test('leaves all documents unknown, the stored and the refused', async () => {
    const [stored, refused] = [answerFor(), answerFor()]
    await answers.insertOne(answerFor(refused.offerId))
    expect((await sinkOf(hurried).insert([stored])).kind).toBe('unknown')
    expect((await sinkOf(hurried).insert([answerFor(), refused])).kind).toBe('unknown')
    await until(async () => (await sink.stored([stored._id])).size === 1, { what: 'the majority has it after all' })
  })

  test('is repeated by the committer until the majority has it', async () => {
    const doc = answerFor()
    let tries = 0
    const { insert } = committer(
      { ...sink, insert: (docs) => sinkOf(++tries < 3 ? hurried : answers).insert(docs) },
      { retryMs: 1 },
    )
    expect(await insert(doc)).toEqual({ stored: true })
    expect(tries).toBe(3)
    expect(await answers.countDocuments({ offerId: doc.offerId })).toBe(1)
  })
})

describe('a document that the collection does not take', () => {
  const strict = db.collection<AnswerDoc>('strict', majority)
  beforeAll(async () => void (await db.createCollection('strict', { validator: { room: { $ne: 'forbidden' } } })))

  test('refuses the batch; the committer finds it, and the others are stored once', async () => {
    const batch = Array.from({ length: 7 }, (_, i) => answerFor(undefined, { room: i === 3 ? 'forbidden' : 'room' }))
    expect((await sinkOf(strict).insert(batch.map((doc) => ({ ...doc, _id: `alone-${doc._id}` })))).kind).toBe(
      'refused',
    )
    await strict.deleteMany({})
    const { insert } = committer(sinkOf(strict))
    const told = await Promise.allSettled(batch.map((doc) => insert(doc)))
    expect(told.map((each) => (each.status === 'fulfilled' ? each.value : 'failed'))).toEqual(
      batch.map((_, i) => (i === 3 ? 'failed' : { stored: true })),
    )
    expect(await strict.countDocuments({})).toBe(6)
  })

  test('the same where the driver cannot even write it as BSON', async () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    const { insert } = committer({ ...sink, bytes: () => 1 })
    const [good, bad] = await Promise.allSettled([insert(answerFor()), insert({ ...answerFor(), ...circle })])
    expect([good?.status, bad?.status]).toEqual(['fulfilled', 'rejected'])
  })
})
