import { describe, expect, test } from 'bun:test'
import { setKey } from '../../server/quiz/summary.ts'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, type Person, ruleOf } from '../kit/quiz.ts'
import { until } from '../kit/until.ts'
import { at, eventsIn, rounds, times, twoProcesses, typesIn } from './places.ts'

const { url, db } = useDatabase(import.meta.path)
const { foyer, someone, urls } = await twoProcesses(url)

const ask = (by: Person, others: readonly Person[], text = 'hello', id?: string) =>
  by.client.quiz.group.mutate({ id, others: others.map(({ id: user }) => user), text, reply: 'result' })
async function friends<N extends number>(count: N) {
  const all = await Promise.all(times(count).map(() => someone('friend')))
  await befriend(...all)
  const [a, b, c = a, d = a] = all
  if (!a || !b || !c || !d) throw new Error('two at least')
  return [a, b, c, d] as const
}
const textsIn = async (room: string) =>
  (await eventsIn(db, room)).flatMap((event) => (event.type === 'message.published' ? [event.text] : []))
const roomsOf = (user: string) => db.collection('quizEvents').distinct('room', { users: user })
const claimOf = async (...users: readonly Person[]) =>
  (await foyer.store.claims.byId(setKey(users.map(({ id }) => id))))?.room
const claimed = (room: string, ...users: readonly Person[]) =>
  until(async () => (await claimOf(...users)) === room, { what: 'the claim' })

describe('any user can request a GroupPerpetual room (seed 4)', () => {
  test('friends who ask at the same moment, through two processes, get the same room with all their messages', async () => {
    for (const round of times(rounds(15, 150))) {
      const all = (await friends(2 + (round % 2))).slice(0, 2 + (round % 2))
      const replies = await Promise.all(
        all.map((one) =>
          ask(
            one,
            all.filter((other) => other !== one),
            one.id,
          ),
        ),
      )
      expect(new Set(replies.map(({ room }) => room)).size).toBe(1)
      const [{ room } = { room: '' }] = replies
      expect((await textsIn(room)).toSorted()).toEqual(all.map(({ id }) => id).toSorted())
      expect(await typesIn(db, room)).toHaveLength(1 + all.length)
      for (const { id } of all) expect(await roomsOf(id)).toEqual([room])
    }
  }, 120_000)

  test('if rooms exist with these occupants, the most recent one is returned', async () => {
    const [a, b, c, d] = await friends(4)
    const old = await ask(a, [b])
    const next = await ask(a, [b, c])
    await c.client.quiz.leave.mutate({ room: next.room })
    // Two with the same set, and the claim is the newer one's.
    expect((await ask(b, [a])).room).toBe(next.room)
    await a.client.quiz.invite.mutate({ room: next.room, user: d.id })
    // The newer one has others now: the older one is still there.
    expect((await ask(b, [a])).room).toBe(old.room)
    await d.client.quiz.leave.mutate({ room: next.room })
    expect((await ask(a, [b])).room).toBe(next.room)
    expect(await ruleOf(a.client.quiz.leave.mutate({ room: next.room }))).toBe('ok')
    expect((await ask(a, [b])).room).toBe(old.room)
    expect((await roomsOf(a.id)).toSorted()).toEqual([old.room, next.room].toSorted())
  })

  test('every way in which occupants change moves the claim of their set', async () => {
    const [a, b, c, d] = await friends(4)
    const { room } = await ask(a, [b])
    await claimed(room, a, b)
    await a.client.quiz.invite.mutate({ room, user: c.id })
    await claimed(room, a, b, c)
    await d.client.quiz.join.mutate({ room })
    await claimed(room, a, b, c, d)
    await a.client.quiz.leave.mutate({ room })
    await claimed(room, b, c, d)
    for (const others of [
      [b, c],
      [c, b],
      [b, c],
    ])
      expect((await ask(d, others)).room).toBe(room)
    expect(await textsIn(room)).toHaveLength(4)
  })

  test('a claim whose room never appeared is completed', async () => {
    const [a, b] = await friends(2)
    const room = crypto.randomUUID()
    await foyer.store.claims.insert({ _id: setKey([a.id, b.id]), room, at: new Date(), stamp: 'lost' })
    const replies = await Promise.all([ask(a, [b], 'from a'), ask(b, [a], 'from b')])
    expect(replies).toMatchObject([{ room }, { room }])
    expect((await textsIn(room)).toSorted()).toEqual(['from a', 'from b'])
  })

  test('a claim whose room has closed, or has others now, is replaced: once, however many ask', async () => {
    const [a, b, c] = await friends(3)
    const { room } = await ask(a, [b])
    const change = async (gone: string, how: 'closed' | 'changed') => {
      if (how === 'changed') return a.client.quiz.invite.mutate({ room: gone, user: c.id })
      for (const { client } of [a, b]) await client.quiz.leave.mutate({ room: gone })
    }
    let newest = room
    for (const how of ['closed', 'changed'] as const) {
      await change(newest, how)
      const replies = await Promise.all(times(8).map((i) => ask(i % 2 ? a : b, [i % 2 ? b : a], `${how} ${i}`)))
      const found = new Set(replies.map((reply) => reply.room))
      expect(found.size).toBe(1)
      expect(found.has(newest)).toBe(false)
      newest = replies[0]?.room ?? ''
      expect(await textsIn(newest)).toHaveLength(8)
      expect(await claimOf(a, b)).toBe(newest)
    }
  })
})

describe('a repeat of a request makes no second room and no second message', () => {
  test('one after the other, and after the occupants changed, and after the room closed', async () => {
    const [a, b, c] = await friends(3)
    const id = Bun.randomUUIDv7()
    const first = await ask(a, [b], 'once', id)
    const same = { room: first.room, version: first.version, replayed: true }
    expect(await ask(a, [b], 'once', id)).toMatchObject(same)
    await a.client.quiz.invite.mutate({ room: first.room, user: c.id })
    expect(await ask(a, [b], 'once', id)).toMatchObject(same)
    expect(await ask(await at(urls[1], a), [b], 'once', id)).toMatchObject(same)
    await b.client.friend.remove.mutate({ user: a.id })
    expect(await ask(a, [b], 'once', id)).toMatchObject(same)
    for (const { client } of [a, b, c]) await client.quiz.leave.mutate({ room: first.room })
    expect(await ask(a, [b], 'once', id)).toMatchObject(same)
    expect(await textsIn(first.room)).toEqual(['once'])
    expect(await roomsOf(a.id)).toEqual([first.room])
    expect(await ruleOf(ask(a, [b], 'another', id))).toBe('idempotency-mismatch')
  })

  test('to a room that there was', async () => {
    const [a, b, c] = await friends(3)
    const { room } = await ask(b, [a])
    const id = Bun.randomUUIDv7()
    await ask(a, [b], 'once', id)
    await a.client.quiz.invite.mutate({ room, user: c.id })
    expect(await ask(a, [b], 'once', id)).toMatchObject({ room, replayed: true })
    expect(await textsIn(room)).toEqual(['hello', 'once'])
    expect(await roomsOf(a.id)).toEqual([room])
  })

  test('at the same time through two processes, while the occupants change', async () => {
    for (const _ of times(rounds(10, 100))) {
      const [a, b, c] = await friends(3)
      const { room } = await ask(b, [a])
      const id = Bun.randomUUIDv7()
      const both = await Promise.all(urls.map((one) => at(one, a)))
      const [replies] = await Promise.all([
        Promise.all(times(6).map((i) => ask(both[i % 2] ?? a, [b], 'once', id))),
        b.client.quiz.invite.mutate({ room, user: c.id }),
      ])
      expect(new Set(replies.map((reply) => reply.room)).size).toBe(1)
      expect(replies.filter(({ replayed }) => !replayed)).toHaveLength(1)
      const all = await roomsOf(a.id)
      const texts = (await Promise.all(all.map(String).map(textsIn))).flat()
      expect(texts.filter((text) => text === 'once')).toHaveLength(1)
      expect(all.length).toBeLessThanOrEqual(2)
    }
  }, 120_000)
})
