import { afterAll, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, deckFor, person, quickly, ruleOf, watch } from '../kit/quiz.ts'
import { until } from '../kit/until.ts'
import { roomServer } from '../rooms/calls.ts'

const { url, db } = useDatabase(import.meta.path)
const foyer = await roomServer(url)
afterAll(() => foyer[Symbol.asyncDispose]())
const someone = (name?: string) => person(foyer.server.url, name)

test('friends plan in a group room, spawn a quiz, and are returned', async () => {
  const [ann, bob] = [await someone('ann'), await someone('bob')]
  await befriend(ann, bob)
  const made = await ann.client.quiz.group.mutate({ others: [bob.id], text: 'a quiz?' })
  const again = await bob.client.quiz.group.mutate({ others: [ann.id], text: 'yes' })
  expect(again.room).toBe(made.room)
  using seen = watch(bob, made.room)
  await seen.until('both messages', ({ messages }) => messages.length === 2)
  const deck = await deckFor(db, ann.id)
  const { result } = await ann.client.quiz.spawn.mutate({ room: made.room, payload: quickly(deck) })
  // edge: what spawn's result is
  const { child } = result as { child: string }
  using there = watch(bob, child, made.room)
  await there.until('the child', ({ kind }) => kind === 'GroupEvanescent')
  await seen.until('the spawned message', ({ messages }) => messages.some(({ about }) => about?.type === 'spawned'))
  expect(await ruleOf(bob.client.quiz.leave.mutate({ room: child }))).toBe('cannot-leave')
  // Nobody runs its conductor here: a worker would find that it never started.
  const worker = { user: 'worker', service: true }
  const command = { type: 'reap', epoch: 0, reason: 'never-started' } as const
  await foyer.server.foyer.quizzes.log.send({ room: child, id: 'reap', actor: worker, command, hash: 'reap' })
  await there.until('where to go', ({ ended }) => ended?.returnTo?.to === 'room' && ended.returnTo.room === made.room)
  await until(() => there.end === 'done', { what: 'the end of the stream' })
  await seen.until('the return', ({ messages }) => messages.at(-1)?.about?.type === 'returned')
  const inbox = await bob.client.notification.list.query({})
  expect(inbox.notifications.map(({ kind }) => kind)).toEqual(['room.added', 'friend.requested'])
  expect(await db.collection('quizEvents').countDocuments({ duties: true })).toBe(0)
})
