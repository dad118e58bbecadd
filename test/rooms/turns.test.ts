import { describe, expect, test } from 'bun:test'
import { Turns } from '../../server/rooms/turns.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'
import { until } from '../kit/until.ts'
import { ROOMS_ENV } from './streams.ts'

const { url, db } = useDatabase(import.meta.path)
/** Longer than any test: whoever waits for it waits for somebody else's document. */
const LONG_MS = 60_000
const isOurs = (turns: Turns, stepMs = LONG_MS) =>
  Promise.race([turns.ours(stepMs).then(() => true), new Promise<false>((no) => setImmediate(() => no(false)))])

describe('whose turn it is in a contended room (room-log.md 8)', () => {
  test('is ours while nobody else writes, and when the others have written since', async () => {
    const turns = new Turns()
    expect(await isOurs(turns)).toBe(true)
    turns.wrote()
    expect(await isOurs(turns)).toBe(true)
    turns.heard('b')
    turns.heard('c')
    expect(await isOurs(turns)).toBe(true)
  })

  test('is not ours while somebody has waited longer; their document gives it to us', async () => {
    const turns = new Turns()
    turns.heard('b')
    turns.heard('c')
    turns.wrote()
    let ours = false
    const waiting = turns.ours(LONG_MS).then(() => (ours = true))
    turns.heard('b')
    expect(await isOurs(turns)).toBe(false)
    expect(ours).toBe(false)
    turns.heard('c')
    await waiting
  })

  test('is ours when the others have had their time, and did not write', async () => {
    const turns = new Turns()
    turns.heard('b')
    turns.wrote()
    const began = performance.now()
    await turns.ours(20)
    expect(performance.now() - began).toBeGreaterThan(15)
  })

  test('is ours again when nobody else has written for a while', async () => {
    const turns = new Turns()
    turns.heard('b')
    turns.wrote()
    await until(() => isOurs(turns), { what: 'the room is ours alone' })
  })
})

test('a process hears of others` documents only, and without the records of their commands', async () => {
  await using a = await startServer({ url, env: ROOMS_ENV })
  await using b = await startServer({ url, env: ROOMS_ENV })
  const heard = [a, b].map(({ foyer }) => {
    const docs: string[] = []
    foyer.readers.add({
      events: (doc) => void docs.push(`${doc.room} ${doc.commands === undefined ? 'bare' : 'with records'}`),
      presence: () => {},
      gap: () => {},
    })
    return docs
  })
  const account = { id: 'alice', name: 'alice', role: 'user' as const, expiresAt: null }
  const made = [a, b].map(({ foyer }) => {
    const docs: string[] = []
    const make = async () => {
      const input = { type: 'create', data: {}, capacity: 5, metadata: {} } as const
      const { room } = await foyer.rooms.create(account, { reply: 'result' }, input)
      docs.push(`${room} bare`)
    }
    return { docs, make }
  })
  // What happens before its stream has begun a process does not hear.
  const bothHear = async () => {
    await Promise.all(made.map(({ make }) => make()))
    return heard.every((docs) => docs.length > 0)
  }
  await until(bothHear, { what: 'each hears of the other', deadlineMs: 20_000 })
  const [ofA = [], ofB = []] = made.map(({ docs }) => docs)
  const [byA = [], byB = []] = heard
  expect(ofB).toEqual(expect.arrayContaining(byA))
  expect(ofA).toEqual(expect.arrayContaining(byB))
  for (const docs of [byA, byB]) expect(new Set(docs).size).toBe(docs.length)
  expect(await db.collection('events').countDocuments({ 'commands.id': { $exists: true } })).toBe(2 * ofA.length)
})
