import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, deckFor, type Person, quickly, ruleOf, watch } from '../kit/quiz.ts'
import { until } from '../kit/until.ts'
import { conductorOf } from './conductor.ts'
import { at, newsOf, rounds, times, twoProcesses } from './places.ts'

const { url, db } = useDatabase(import.meta.path)
const { foyer, someone, urls } = await twoProcesses(url)

/** A deck's room, its owner, and the deck. */
async function hosted(name = 'owner') {
  const owner = await someone(name)
  const deck = await deckFor(db, owner.id, { visibility: 'public' })
  const { room } = await owner.client.quiz.host.mutate({ payload: quickly(deck, { pace: 'host' }) })
  return { owner, deck, room }
}
const occupantsOf = async (room: string) => (await foyer.quizzes.log.read(room))?.occupants
const kick = (by: Person, room: string, user: string) =>
  by.client.quiz.control.mutate({ room, control: { name: 'kick', user } })

describe('HostedPerpetual (seed 4)', () => {
  test('to each deck there are 0 or 1 hosted rooms: however many ask at once, through however many processes', async () => {
    for (const _ of times(rounds(3, 20))) {
      const owner = await someone('owner')
      const deck = await deckFor(db, owner.id)
      expect(await owner.client.quiz.hosted.query({ deck })).toEqual({ room: null })
      const both = await Promise.all(urls.map((one) => at(one, owner)))
      const replies = await Promise.all(
        times(50).map((i) => (both[i % 2] ?? owner).client.quiz.host.mutate({ payload: quickly(deck) })),
      )
      const rooms = new Set(replies.map(({ room }) => room))
      expect(rooms.size).toBe(1)
      const [room] = rooms
      for (const { client } of both) expect(await client.quiz.hosted.query({ deck })).toEqual({ room: room ?? null })
      expect(await db.collection('quizEvents').distinct('room', { users: owner.id })).toEqual([...rooms])
    }
  })

  test('a repeat of `host` gets the first result', async () => {
    const owner = await someone('owner')
    const payload = quickly(await deckFor(db, owner.id))
    const id = Bun.randomUUIDv7()
    const first = await owner.client.quiz.host.mutate({ payload, id })
    const again = await owner.client.quiz.host.mutate({ payload, id })
    expect([first, again]).toMatchObject([
      { replayed: false, result: { created: true } },
      { replayed: true, result: { created: true }, room: first.room, version: first.version },
    ])
    expect(await owner.client.quiz.host.mutate({ payload })).toMatchObject({
      room: first.room,
      result: { created: false },
    })
  })

  test('a claim whose room never appeared is completed, by its deck’s owner', async () => {
    const owner = await someone('owner')
    const deck = await deckFor(db, owner.id)
    const room = crypto.randomUUID()
    await foyer.store.claims.insert({ _id: `deck:${deck}`, room, at: new Date(), stamp: 'lost' })
    expect(await owner.client.quiz.hosted.query({ deck })).toEqual({ room: null })
    expect(await owner.client.quiz.host.mutate({ payload: quickly(deck) })).toMatchObject({ room })
  })

  test('a room that has ended is replaced, once', async () => {
    const { owner, deck, room } = await hosted()
    const send = { room, id: 'expire', actor: { user: 'worker', service: true }, hash: 'expire' }
    await foyer.quizzes.log.send({ ...send, command: { type: 'expire', idleSince: Number.MAX_SAFE_INTEGER } })
    expect(await owner.client.quiz.hosted.query({ deck })).toEqual({ room: null })
    const replies = await Promise.all(times(10).map(() => owner.client.quiz.host.mutate({ payload: quickly(deck) })))
    const next = new Set(replies.map((reply) => reply.room))
    expect(next.size).toBe(1)
    expect(next.has(room)).toBe(false)
  })

  test('only the deck’s owner makes it, and only the owner controls its quizconductor', async () => {
    const { owner, deck, room } = await hosted()
    const guest = await someone('guest')
    expect(await ruleOf(guest.client.quiz.host.mutate({ payload: quickly(deck) }))).toBe('not-owner')
    expect(await ruleOf(guest.client.quiz.host.mutate({ payload: quickly('none') }))).toBe('deck-unplayable')
    await guest.client.quiz.join.mutate({ room })
    const start = { room, control: { name: 'start', round: 1 } } as const
    expect(await ruleOf(guest.client.quiz.control.mutate(start))).toBe('not-owner')
    expect(await ruleOf(owner.client.quiz.control.mutate(start))).toBe('ok')
  })

  test('anybody joins and leaves at any time; again changes nothing', async () => {
    const { room, owner } = await hosted()
    const [a, b] = [await someone('a'), await someone('b')]
    expect(await ruleOf(a.client.quiz.get.query({ room }))).toBe('not-occupant')
    for (const { client } of [a, a, b]) await client.quiz.join.mutate({ room })
    expect(await occupantsOf(room)).toEqual([owner.id, a.id, b.id])
    for (const { client } of [a, a]) await client.quiz.leave.mutate({ room })
    expect(await occupantsOf(room)).toEqual([owner.id, b.id])
    expect(await ruleOf(a.client.quiz.get.query({ room }))).toBe('not-occupant')
    // The owner may go as well, and still hosts.
    await owner.client.quiz.leave.mutate({ room })
    expect(await owner.client.quiz.get.query({ room })).toMatchObject({ role: 'host', occupants: [b.id] })
    await b.client.quiz.leave.mutate({ room })
    expect(await occupantsOf(room)).toEqual([])
    expect(await ruleOf(a.client.quiz.join.mutate({ room }))).toBe('ok')
  })

  test('any occupant invites friends, who are notified, and are occupants once they join', async () => {
    const { room } = await hosted()
    const [guest, friend, stranger] = [await someone('guest'), await someone('friend'), await someone('stranger')]
    await befriend(guest, friend)
    expect(await ruleOf(guest.client.quiz.invite.mutate({ room, user: friend.id }))).toBe('not-occupant')
    await guest.client.quiz.join.mutate({ room })
    for (const _ of times(2)) await guest.client.quiz.invite.mutate({ room, user: friend.id })
    expect(await ruleOf(guest.client.quiz.invite.mutate({ room, user: stranger.id }))).toBe('not-friend')
    expect(await newsOf(friend, room)).toEqual([{ kind: 'room.invited', from: guest.id }])
    expect(await guest.client.quiz.get.query({ room })).toMatchObject({ invited: [friend.id] })
    expect(await occupantsOf(room)).not.toContain(friend.id)
    await friend.client.quiz.join.mutate({ room })
    expect(await friend.client.quiz.get.query({ room })).toMatchObject({ invited: [], role: 'occupant' })
  })

  test('the quizconductor kicks any occupant, but never the owner', async () => {
    const { room, owner } = await hosted()
    const guest = await someone('guest')
    await guest.client.quiz.join.mutate({ room })
    const conductor = conductorOf(foyer, room)
    await conductor.start()
    expect(await ruleOf(kick(guest, room, owner.id))).toBe('not-owner')
    expect(await ruleOf(kick(owner, room, owner.id))).toBe('forbidden')
    expect(await ruleOf(kick(owner, room, 'nobody'))).toBe('no-such-occupant')
    using seen = watch(guest, room)
    await seen.until('the room', () => true)
    await kick(owner, room, guest.id)
    await conductor.play('the kick', ({ occupants }) => !occupants.includes(guest.id))
    await until(() => seen.end === 'not-occupant', { what: 'the end of the stream of who was kicked' })
    const command = { type: 'kick', user: owner.id, reason: 'silent' } as const
    const { conductor: now } = await conductor.state()
    expect(await ruleOf(conductor.send({ type: 'conduct', epoch: now.epoch, step: command }))).toBe('forbidden')
    expect(await ruleOf(guest.client.quiz.join.mutate({ room }))).toBe('ok')
  })

  test('it is not possible to request that the quizconductor be terminated, or another one be started', async () => {
    const { room, owner, deck } = await hosted()
    expect(await ruleOf(owner.client.quiz.terminate.mutate({ room }))).toBe('wrong-kind')
    expect(await ruleOf(owner.client.quiz.start.mutate({ room, payload: quickly(deck) }))).toBe('wrong-kind')
    expect(await ruleOf(owner.client.quiz.spawn.mutate({ room, payload: quickly(deck) }))).toBe('wrong-kind')
    expect(await owner.client.quiz.get.query({ room })).toMatchObject({ conductor: { awake: false } })
  })

  test('it is on room subscription that its quizconductor is wanted', async () => {
    const { room, owner } = await hosted()
    expect(await foyer.store.leases.ofRooms([room])).toEqual([])
    using seen = watch(owner, room)
    await seen.until('the room', () => true)
    await until(async () => (await foyer.store.leases.ofRooms([room]))[0]?.status === 'wanted', { what: 'a lease' })
  })
})
