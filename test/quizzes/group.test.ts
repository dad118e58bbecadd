import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, deckFor, type Person, quickly, ruleOf, watch } from '../kit/quiz.ts'
import { until } from '../kit/until.ts'
import { conductorOf } from './conductor.ts'
import { at, newsOf, times, twoProcesses, typesIn } from './places.ts'

const { url, db } = useDatabase(import.meta.path)
const { foyer, someone, urls } = await twoProcesses(url)

const occupantsOf = async (room: string) => (await foyer.quizzes.log.read(room))?.occupants
const ask = (by: Person, others: readonly Person[], text = 'hello') =>
  by.client.quiz.group.mutate({ others: others.map(({ id }) => id), text })
async function friends(...names: string[]) {
  const all = await Promise.all(names.map((name) => someone(name)))
  await befriend(...all)
  return all
}
const leaseOf = async (room: string) => (await foyer.store.leases.ofRooms([room]))[0]

describe('GroupPerpetual: its occupants (seed 4)', () => {
  test('the invited friend is immediately an occupant, and is notified', async () => {
    const [ann, bob, cem] = await friends('ann', 'bob', 'cem')
    if (!ann || !bob || !cem) throw new Error('three were asked for')
    const { room } = await ask(ann, [bob])
    for (const _ of times(2)) await bob.client.quiz.invite.mutate({ room, user: cem.id })
    expect(await occupantsOf(room)).toEqual([ann.id, bob.id, cem.id])
    expect(await cem.client.quiz.get.query({ room })).toMatchObject({ role: 'host' })
    expect(await newsOf(cem, room)).toEqual([{ kind: 'room.added', from: bob.id }])
    expect(await newsOf(bob, room)).toEqual([{ kind: 'room.added', from: ann.id }])
    expect(await newsOf(ann, room)).toEqual([])
  })

  test('an occupant invites friends only, and nobody else invites', async () => {
    const [ann, bob] = await friends('ann', 'bob')
    const stranger = await someone('stranger')
    if (!ann || !bob) throw new Error('two were asked for')
    const { room } = await ask(ann, [bob])
    expect(await ruleOf(ann.client.quiz.invite.mutate({ room, user: stranger.id }))).toBe('not-friend')
    expect(await ruleOf(stranger.client.quiz.invite.mutate({ room, user: ann.id }))).toBe('not-occupant')
    await bob.client.friend.block.mutate({ user: ann.id })
    await ann.client.quiz.leave.mutate({ room })
    expect(await ruleOf(bob.client.quiz.invite.mutate({ room, user: ann.id }))).toBe('not-friend')
  })

  test('anyone joins a room that contains a friend, and no other', async () => {
    const [ann, bob] = await friends('ann', 'bob')
    const [cem, stranger] = [await someone('cem'), await someone('stranger')]
    if (!ann || !bob) throw new Error('two were asked for')
    await befriend(bob, cem)
    const { room } = await ask(ann, [bob])
    expect(await ruleOf(stranger.client.quiz.join.mutate({ room }))).toBe('not-friend')
    expect(await ruleOf(stranger.client.quiz.get.query({ room }))).toBe('not-occupant')
    await cem.client.quiz.join.mutate({ room })
    expect(await occupantsOf(room)).toEqual([ann.id, bob.id, cem.id])
    await bob.client.quiz.leave.mutate({ room })
    await cem.client.quiz.leave.mutate({ room })
    expect(await ruleOf(cem.client.quiz.join.mutate({ room }))).toBe('not-friend')
  })

  test('a request needs friends, each once, and a message that says something; what is refused leaves nothing behind', async () => {
    const [ann, bob] = await friends('ann', 'bob')
    const stranger = await someone('stranger')
    if (!ann || !bob) throw new Error('two were asked for')
    const before = await db.collection('claims').countDocuments()
    const id = Bun.randomUUIDv7()
    expect(await ruleOf(ask(ann, [bob, stranger]))).toBe('not-friend')
    expect(await ruleOf(ask(ann, [ann, bob]))).toBe('bad-request')
    expect(await ruleOf(ask(ann, [bob, bob]))).toBe('bad-request')
    for (const text of ['', '  \n\t'])
      expect(await ruleOf(ann.client.quiz.group.mutate({ others: [bob.id], text, id }))).toBe('bad-request')
    // @ts-expect-error there is no request without a message
    expect(await ruleOf(ann.client.quiz.group.mutate({ others: [bob.id] }))).toBe('bad-request')
    expect(await db.collection('claims').countDocuments()).toBe(before)
    expect(await ann.client.quiz.list.query({})).toMatchObject({ rooms: [] })
  })

  test('the last leave closes it', async () => {
    const [ann, bob] = await friends('ann', 'bob')
    if (!ann || !bob) throw new Error('two were asked for')
    const { room } = await ask(ann, [bob])
    using seen = watch(bob, room)
    await seen.until('the room', () => true)
    await ann.client.quiz.leave.mutate({ room })
    await bob.client.quiz.leave.mutate({ room })
    await until(() => seen.end !== null, { what: 'the end of the stream' })
    expect((await typesIn(db, room)).slice(-2)).toEqual(['occupant.left', 'room.ended'])
    expect(await ruleOf(ann.client.quiz.join.mutate({ room }))).toBe('room-gone')
    expect(await ruleOf(bob.client.quiz.message.mutate({ room, text: 'anybody?' }))).toBe('room-gone')
    expect((await ask(ann, [bob])).room).not.toBe(room)
  })

  test('it is found from the dashboard by who has a friend in it', async () => {
    const [ann, bob] = await friends('ann', 'bob')
    const cem = await someone('cem')
    if (!ann || !bob) throw new Error('two were asked for')
    await befriend(bob, cem)
    const { room } = await ask(ann, [bob])
    await foyer.quizzes.log.settle(room)
    await until(async () => (await cem.client.quiz.friends.query({})).rooms.some((one) => one.room === room), {
      what: 'the room of a friend',
      deadlineMs: 15_000,
    })
    expect((await ann.client.quiz.friends.query({})).rooms).toEqual([])
    expect((await bob.client.quiz.list.query({})).rooms.map((one) => one.room)).toEqual([room])
  })
})

describe('GroupPerpetual: its quizconductor (seed 4)', () => {
  test('any occupant takes it from zero to one and back, again and again, and the lease follows', async () => {
    const [ann, bob] = await friends('ann', 'bob')
    const stranger = await someone('stranger')
    if (!ann || !bob) throw new Error('two were asked for')
    const { room } = await ask(ann, [bob])
    const payload = quickly(await deckFor(db, ann.id))
    expect(await leaseOf(room)).toBeUndefined()
    expect(await ruleOf(stranger.client.quiz.start.mutate({ room, payload }))).toBe('not-occupant')
    // A deck of another's that is private, and one that is none.
    expect(await ruleOf(bob.client.quiz.start.mutate({ room, payload }))).toBe('deck-unplayable')
    expect(await ruleOf(ann.client.quiz.start.mutate({ room, payload: { ...payload, scoring: 'x@1' } }))).toBe(
      'bad-request',
    )
    for (const _ of times(2)) {
      await ann.client.quiz.start.mutate({ room, payload })
      expect(await leaseOf(room)).toMatchObject({ desired: 'on', status: 'wanted' })
      expect(await ruleOf(ann.client.quiz.start.mutate({ room, payload }))).toBe('conductor-running')
      await bob.client.quiz.terminate.mutate({ room })
      expect(await leaseOf(room)).toMatchObject({ desired: 'off', status: 'released' })
      expect(await ruleOf(ann.client.quiz.terminate.mutate({ room }))).toBe('no-conductor')
    }
    expect(await ann.client.quiz.get.query({ room })).toMatchObject({ conductor: null, game: null })
  })

  test('the lease is as the log says, also where starts and terminations cross in two processes', async () => {
    const [ann, bob] = await friends('ann', 'bob')
    if (!ann || !bob) throw new Error('two were asked for')
    const { room } = await ask(ann, [bob])
    const payload = quickly(await deckFor(db, ann.id, { visibility: 'public' }))
    const both = await Promise.all(urls.map((one) => at(one, ann)))
    for (const _ of times(10)) {
      await Promise.all(
        both.flatMap(({ client }) => [
          client.quiz.start.mutate({ room, payload }).catch(() => {}),
          client.quiz.terminate.mutate({ room }).catch(() => {}),
        ]),
      )
      await until(async () => (await db.collection('quizEvents').countDocuments({ room, duties: true })) === 0, {
        what: 'all that follows',
      })
      const state = await foyer.quizzes.log.read(room)
      expect((await leaseOf(room))?.desired).toBe(state?.conductor.payload === null ? 'off' : 'on')
    }
  })

  test('any occupant sends control commands to it, if it exists', async () => {
    const [ann, bob] = await friends('ann', 'bob')
    const stranger = await someone('stranger')
    if (!ann || !bob) throw new Error('two were asked for')
    const { room } = await ask(ann, [bob])
    const start = { room, control: { name: 'start', round: 1 } } as const
    expect(await ruleOf(bob.client.quiz.control.mutate(start))).toBe('no-conductor')
    await ann.client.quiz.start.mutate({ room, payload: quickly(await deckFor(db, ann.id), { pace: 'host' }) })
    expect(await ruleOf(stranger.client.quiz.control.mutate(start))).toBe('not-occupant')
    expect(await ruleOf(bob.client.quiz.control.mutate(start))).toBe('ok')
    const kick = { room, control: { name: 'kick', user: ann.id } } as const
    expect(await ruleOf(bob.client.quiz.control.mutate(kick))).toBe('wrong-kind')
  })

  test('the room does not honour requests from the quizconductor to kick occupants', async () => {
    const [ann, bob] = await friends('ann', 'bob')
    if (!ann || !bob) throw new Error('two were asked for')
    const { room } = await ask(ann, [bob])
    await ann.client.quiz.start.mutate({ room, payload: quickly(await deckFor(db, ann.id)) })
    const conductor = conductorOf(foyer, room)
    await conductor.start()
    const { epoch } = (await conductor.state()).conductor
    const step = { type: 'kick', user: bob.id, reason: 'silent' } as const
    expect(await ruleOf(conductor.send({ type: 'conduct', epoch, step }))).toBe('wrong-kind')
    expect(await occupantsOf(room)).toEqual([ann.id, bob.id])
  })

  test('a conductor of before a termination does nothing any more', async () => {
    const [ann, bob] = await friends('ann', 'bob')
    if (!ann || !bob) throw new Error('two were asked for')
    const { room } = await ask(ann, [bob])
    const payload = quickly(await deckFor(db, ann.id))
    await ann.client.quiz.start.mutate({ room, payload })
    const conductor = conductorOf(foyer, room)
    await conductor.start()
    await ann.client.quiz.terminate.mutate({ room })
    await ann.client.quiz.start.mutate({ room, payload })
    const step = { type: 'say', text: 'I am still here' } as const
    expect(await ruleOf(conductor.send({ type: 'conduct', epoch: 1, step }))).toBe('stale-epoch')
  })
})
