import { afterAll, expect, test } from 'bun:test'
import { MongoClient } from 'mongodb'
import type { EventDoc } from '../../server/store/docs.ts'
import { uuidOf } from '../../server/uuid.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { befriend, deckFor, person, quickly, watch } from '../kit/quiz.ts'
import { until } from '../kit/until.ts'
import { draft } from '../kit/log-parts.ts'
import { roomServer } from '../rooms/calls.ts'
import { ROOMS_ENV } from '../rooms/streams.ts'
import { at, eventsIn, typesIn } from './places.ts'

const { url, db } = useDatabase(import.meta.path)
const here = await roomServer(url)
afterAll(() => here[Symbol.asyncDispose]())
const { foyer } = here.server

/** Holds the first place of a room's log by a transaction that never commits: who writes there waits. */
async function held(room: string) {
  const client = new MongoClient(url)
  const session = client.startSession()
  session.startTransaction()
  const events = client.db(db.databaseName).collection<EventDoc>('quizEvents')
  await events.insertOne(draft({ room, seq: 1, prev: null }), { session })
  return async () => {
    await session.abortTransaction()
    await client.close()
  }
}

test('kill -9 of a process between the parent’s commit and the child’s first event: `from` makes it, once', async () => {
  const doomed = await spawnServer({ url, env: ROOMS_ENV })
  const [ann, bob] = [await person(here.server.url, 'ann'), await person(here.server.url, 'bob')]
  await befriend(ann, bob)
  const { room } = await ann.client.quiz.group.mutate({ others: [bob.id], text: 'hello' })
  const payload = quickly(await deckFor(db, ann.id))
  const id = Bun.randomUUIDv7()
  const child = uuidOf(Buffer.from(foyer.derive('quiz', ann.id, id), 'base64url'), 8)
  const release = await held(child)
  const far = await at(doomed.url, ann)
  let isAnswered = false
  void far.client.quiz.spawn
    .mutate({ room, payload, id })
    .then(() => (isAnswered = true))
    .catch(() => {})
  await until(async () => (await typesIn(db, room)).includes('evanescent.spawned'), { what: 'the parent’s commit' })
  expect(await doomed.kill('SIGKILL')).toBe('SIGKILL')
  expect(isAnswered).toBe(false)
  expect(await typesIn(db, child)).toEqual([])
  await release()
  using seen = watch(bob, child, room)
  await seen.until('the child', ({ kind }) => kind === 'GroupEvanescent')
  expect(await ann.client.quiz.spawn.mutate({ room, payload, id })).toMatchObject({ replayed: true, result: { child } })
  expect(await eventsIn(db, child)).toMatchObject([{ type: 'room.created', occupants: [ann.id, bob.id] }])
  // mongod may have gone on with what the dead process had sent: then the marks are left to the worker's sweep.
  for (const one of [room, child]) await foyer.quizzes.duties.catchUp(one)
  expect(await typesIn(db, child)).toEqual(['room.created'])
  expect(await db.collection('quizEvents').countDocuments({ duties: true })).toBe(0)
  expect(await foyer.store.leases.ofRooms([child])).toMatchObject([{ desired: 'on', status: 'wanted' }])
}, 30_000)
