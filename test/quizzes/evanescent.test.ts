import { afterAll, describe, expect, test } from 'bun:test'
import type { EventDoc } from '../../server/store/docs.ts'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, deckFor, type Person, quickly, ruleOf, watch } from '../kit/quiz.ts'
import { until } from '../kit/until.ts'
import { openFoyer } from '../kit/server.ts'
import { asks, conductorOf } from './conductor.ts'
import { dyingAt, endsAndDies } from './dying.ts'
import { at, eventsIn, newsOf, times, twoProcesses, typesIn } from './places.ts'

const { url, db } = useDatabase(import.meta.path)
const { foyer, someone, urls } = await twoProcesses(url)
const mortal = await openFoyer({ url })
afterAll(mortal.close)

const ask = (by: Person, others: readonly Person[]) =>
  by.client.quiz.group.mutate({ others: others.map(({ id }) => id), text: 'hello' })
const occupantsOf = async (room: string) => (await foyer.quizzes.log.read(room))?.occupants

/** Two friends in a group room, and a deck of the first. */
async function planning() {
  const [ann, bob] = [await someone('ann'), await someone('bob')]
  await befriend(ann, bob)
  const { room } = await ask(ann, [bob])
  const deck = await deckFor(db, ann.id)
  return { ann, bob, room, deck, payload: quickly(deck) }
}
async function spawned() {
  const plan = await planning()
  const { result } = await plan.ann.client.quiz.spawn.mutate({ room: plan.room, payload: plan.payload })
  const { child } = result
  return { ...plan, child }
}

/** The parent's commit by a process that was killed before it made the child. */
async function orphaned() {
  const plan = await planning()
  const child = crypto.randomUUID()
  const facts = { deck: { id: plan.deck, owner: plan.ann.id, playable: true } }
  await using dying = dyingAt(mortal.foyer)
  await dying.commit(plan.room, { type: 'spawn', child, payload: plan.payload, facts }, plan.ann.id)
  return { ...plan, child }
}

describe('a GroupEvanescent room of a group (seed 4)', () => {
  test('has its occupants, and the message of it replaces the current room by it', async () => {
    const { ann, bob, room, child } = await spawned()
    expect(await bob.client.quiz.get.query({ room: child })).toMatchObject({
      kind: 'GroupEvanescent',
      occupants: [ann.id, bob.id],
      role: 'host',
      conductor: { awake: false },
    })
    const { messages } = await bob.client.quiz.get.query({ room })
    expect(messages.at(-1)).toMatchObject({ by: ann.id, about: { type: 'spawned', child } })
    expect(await foyer.store.leases.ofRooms([child])).toMatchObject([{ kind: 'GroupEvanescent', status: 'wanted' }])
    expect(await newsOf(bob, child)).toEqual([])
  })

  test('is made once under one id, however often and through whichever process it is asked for', async () => {
    const { ann, room, payload } = await planning()
    const id = Bun.randomUUIDv7()
    const both = await Promise.all(urls.map((one) => at(one, ann)))
    const replies = await Promise.all(
      times(8).map((i) => (both[i % 2] ?? ann).client.quiz.spawn.mutate({ room, payload, id })),
    )
    expect(new Set(replies.map(({ result }) => result.child)).size).toBe(1)
    expect((await typesIn(db, room)).filter((type) => type === 'evanescent.spawned')).toHaveLength(1)
    expect(await db.collection('quizEvents').distinct('room', { users: ann.id })).toHaveLength(2)
  })

  test('is asked for by occupants of a group alone, with a deck that they may play', async () => {
    const { ann, bob, room, payload, child } = await spawned()
    const stranger = await someone('stranger')
    expect(await ruleOf(stranger.client.quiz.spawn.mutate({ room, payload }))).toBe('not-occupant')
    expect(await ruleOf(bob.client.quiz.spawn.mutate({ room, payload }))).toBe('deck-unplayable')
    expect(await ruleOf(ann.client.quiz.spawn.mutate({ room: child, payload }))).toBe('wrong-kind')
    const none = quickly(await deckFor(db, ann.id, { cards: [] }))
    expect(await ruleOf(ann.client.quiz.spawn.mutate({ room, payload: none }))).toBe('deck-unplayable')
  })

  test('cannot be left, and is joined by invitation only', async () => {
    const { ann, bob, child } = await spawned()
    const [cem, stranger] = [await someone('cem'), await someone('stranger')]
    await befriend(bob, cem)
    expect(await ruleOf(bob.client.quiz.leave.mutate({ room: child }))).toBe('cannot-leave')
    expect(await ruleOf(cem.client.quiz.join.mutate({ room: child }))).toBe('not-invited')
    expect(await ruleOf(ann.client.quiz.invite.mutate({ room: child, user: cem.id }))).toBe('not-friend')
    expect(await ruleOf(stranger.client.quiz.invite.mutate({ room: child, user: cem.id }))).toBe('not-occupant')
    await bob.client.quiz.invite.mutate({ room: child, user: cem.id })
    expect(await newsOf(cem, child)).toEqual([{ kind: 'room.invited', from: bob.id }])
    expect(await occupantsOf(child)).toEqual([ann.id, bob.id])
    expect(await ruleOf(cem.client.quiz.get.query({ room: child }))).toBe('not-occupant')
    await cem.client.quiz.join.mutate({ room: child })
    expect(await occupantsOf(child)).toEqual([ann.id, bob.id, cem.id])
    expect(await ruleOf(cem.client.quiz.leave.mutate({ room: child }))).toBe('cannot-leave')
  })

  test('its parent is hidden from clients, in every frame and reply until they are returned', async () => {
    const { ann, bob, room, child } = await spawned()
    const cem = await someone('cem')
    await befriend(ann, cem)
    using seen = watch(bob, child, room)
    await seen.until('the child', () => true)
    const replies: unknown[] = [await ann.client.quiz.invite.mutate({ room: child, user: cem.id })]
    replies.push(await cem.client.quiz.join.mutate({ room: child }))
    using late = watch(cem, child)
    await late.until('the child', () => true)
    replies.push(await ann.client.quiz.message.mutate({ room: child, text: 'hi' }))
    replies.push(await bob.client.quiz.get.query({ room: child }))
    replies.push((await cem.client.quiz.list.query({})).rooms, await cem.client.notification.list.query({}))
    await endsAndDies(mortal.foyer, child)
    for (const one of [seen, late]) await one.until('the end', ({ ended }) => ended !== null)
    replies.push(await bob.client.quiz.get.query({ room: child }))
    const all = JSON.stringify([replies, seen.frames, late.frames])
    expect(all).toContain(child)
    expect(all).not.toContain(room)
    expect(all).not.toContain('founders')
  })
})

describe('the child appears, though the process that spawned it was killed after the parent’s commit', () => {
  const comers: Record<string, (bob: Person, child: string, from: string) => Promise<unknown>> = {
    get: (bob, child, from) => bob.client.quiz.get.query({ room: child, from }),
    join: (bob, child, from) => bob.client.quiz.join.mutate({ room: child, from }),
    events: async (bob, child, from) => {
      using seen = watch(bob, child, from)
      await seen.until('the child', ({ kind }) => kind === 'GroupEvanescent')
    },
  }
  for (const [name, come] of Object.entries(comers))
    test(`by \`from\`, for who comes first by \`${name}\``, async () => {
      const { ann, bob, room, child } = await orphaned()
      expect(await ruleOf(bob.client.quiz.get.query({ room: child }))).toBe('room-gone')
      await come(bob, child, room)
      expect(await occupantsOf(child)).toEqual([ann.id, bob.id])
      expect(await foyer.store.duties.ofRoom(room)).toEqual([])
    })

  test('by whoever sweeps, and for all who come at once through both processes: once', async () => {
    const { ann, bob, room, child } = await orphaned()
    const both = await Promise.all(urls.map((one) => at(one, bob)))
    await Promise.all([
      ...times(10).map((i) => (both[i % 2] ?? bob).client.quiz.get.query({ room: child, from: room })),
      foyer.quizzes.duties.catchUp(room),
    ])
    expect(await typesIn(db, child)).toEqual(['room.created'])
    expect(await eventsIn(db, child)).toMatchObject([{ parent: room, occupants: [ann.id, bob.id] }])
  })

  test('with the occupants of the commit, whoever has come or gone since', async () => {
    const { ann, bob, room, child } = await orphaned()
    await ann.client.quiz.leave.mutate({ room })
    await bob.client.quiz.leave.mutate({ room })
    await ann.client.quiz.get.query({ room: child, from: room })
    expect(await occupantsOf(child)).toEqual([ann.id, bob.id])
  })

  test('though something else that follows from the parent cannot be done', async () => {
    const { ann, bob, room, child } = await orphaned()
    const _id = `00 before ${room}`
    const poison = { _id, room, seq: 0, n: 1, prev: null, at: new Date(), commands: [], body: 'no JSON', duties: true }
    await db.collection<EventDoc>('quizEvents').insertOne({ ...poison, duties: true })
    await bob.client.quiz.join.mutate({ room: child, from: room })
    expect(await occupantsOf(child)).toEqual([ann.id, bob.id])
    expect((await foyer.store.duties.ofRoom(room)).map((doc) => doc._id)).toEqual([_id])
    await db.collection<EventDoc>('quizEvents').deleteOne({ _id })
  })

  test('a room that nothing leads to is made by no `from`', async () => {
    const { bob, room } = await orphaned()
    const none = crypto.randomUUID()
    expect(await ruleOf(bob.client.quiz.get.query({ room: none, from: room }))).toBe('room-gone')
    expect(await ruleOf(bob.client.quiz.get.query({ room: none, from: none }))).toBe('room-gone')
    expect(await ruleOf(bob.client.quiz.join.mutate({ room: none, from: room }))).toBe('room-gone')
  })
})

describe('a solo evanescent room from a deck’s page (seed 4)', () => {
  test('holds its user alone, is made once under one id, and returns to the deck', async () => {
    const ann = await someone('ann')
    const deck = await deckFor(db, ann.id)
    const id = Bun.randomUUIDv7()
    const both = await Promise.all(urls.map((one) => at(one, ann)))
    const replies = await Promise.all(
      times(6).map((i) => (both[i % 2] ?? ann).client.quiz.solo.mutate({ id, payload: quickly(deck) })),
    )
    const [{ room } = { room: '' }] = replies
    expect(new Set(replies.map((reply) => reply.room)).size).toBe(1)
    expect(replies.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(await ruleOf(ann.client.quiz.leave.mutate({ room }))).toBe('cannot-leave')
    using seen = watch(ann, room)
    const conductor = conductorOf(foyer, room)
    await conductor.start()
    await conductor.play('a question', asks(0))
    await ann.client.quiz.control.mutate({ room, control: { name: 'end', round: 1 } })
    await conductor.play('the end of the room', ({ ended }) => ended !== null)
    await until(() => seen.end === 'done', { what: 'the end of the stream' })
    expect(seen.view).toMatchObject({ ended: { reason: 'finished', returnTo: { to: 'deck', deck } } })
    expect((await typesIn(db, room)).includes('room.returned')).toBe(false)
  })
})
