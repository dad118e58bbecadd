import { describe, expect, test } from 'bun:test'
import type { SeatDoc } from '../../server/store/docs.ts'
import { useDatabase } from '../kit/mongo.ts'
import { candidate, openSessions, ruleOf, tally } from '../kit/session.ts'

const { url, db } = useDatabase(import.meta.path)
const many = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('races through two processes on one database', () => {
  test('100 hosts of one name: one gets it, 99 hear name-taken', async () => {
    await using one = await openSessions({ url })
    await using two = await openSessions({ url })
    const rules = await Promise.all(
      many(100).map((i) => ruleOf([one, two][i % 2]?.host('one name') ?? Promise.reject())),
    )
    expect(tally(rules)).toEqual({ ok: 1, 'name-taken': 99 })
  })

  test('100 joins under one client name: one is in, 99 hear client-name-taken', async () => {
    await using one = await openSessions({ url })
    await using two = await openSessions({ url })
    await one.host('one client', { maxClients: 200 })
    const join = (i: number) => ruleOf((i % 2 === 0 ? one : two).join('one client', 'Bob', `offer ${i}`))
    expect(tally(await Promise.all(many(100).map(join)))).toEqual({ ok: 1, 'client-name-taken': 99 })
  })

  test('50 joins for 10 seats: exactly 10 are in, each with its offer in the queue', async () => {
    await using one = await openSessions({ url })
    await using two = await openSessions({ url })
    for (const round of many(5)) {
      const name = `ten seats ${round}`
      const { secret } = await one.host(name, { maxClients: 10 })
      const join = (i: number) => ruleOf((i % 2 === 0 ? one : two).join(name, `client ${i}`))
      expect(tally(await Promise.all(many(50).map(join)))).toEqual({ ok: 10, 'session-full': 40 })
      const session = await db.collection('sessions').findOne({ name })
      const seats = await db
        .collection<SeatDoc>('seats')
        .find({ session: String(session?._id), live: true })
        .toArray()
      expect(seats.map(({ slot }) => slot).sort((a, b) => a - b)).toEqual(many(10))
      expect((await two.as(secret).requests({})).requests).toHaveLength(10)
    }
  })

  test('two restarts of one generation: one wins, the other hears stale-generation and answers the winner', async () => {
    await using one = await openSessions({ url })
    await using two = await openSessions({ url })
    const { aliceSecret, bobSecret } = await one.pair('restarts', 'connected')
    const alice = one.as(aliceSecret)
    const bob = two.as(bobSecret)
    for (let generation = 2; generation < 22; generation++) {
      const byAlice = ruleOf(alice.restart({ client: 'Bob', generation, offer: `Alice ${generation}` }))
      const byBob = ruleOf(bob.restart({ generation, offer: `Bob ${generation}` }))
      const rules = await Promise.all([byAlice, byBob])
      expect(rules.toSorted()).toEqual(['ok', 'stale-generation'])
      const answered = rules[0] === 'ok' ? bob.answer({ generation, answer: 'a' }) : answerOf(alice, generation)
      expect(await ruleOf(answered)).toBe('ok')
    }
    const offers = await db.collection('signals').countDocuments({ kind: 'offer', gen: { $gte: 2 } })
    expect(offers).toBe(20)
  })

  test('a host`s restart against a client`s reload: both sides end on one generation', async () => {
    await using one = await openSessions({ url })
    await using two = await openSessions({ url })
    for (const round of many(10)) {
      const name = `reload ${round}`
      const { aliceSecret, bobSecret } = await one.pair(name, 'connected')
      const restart = ruleOf(one.as(aliceSecret).restart({ client: 'Bob', generation: 2, offer: 'Alice' }))
      const [rule, joined] = await Promise.all([
        restart,
        two.as(bobSecret).join({ name, clientName: 'Bob', offer: 'Bob' }),
      ])
      expect(['ok', 'stale-generation']).toContain(rule)
      expect(joined.generation).toBe(rule === 'ok' ? 3 : 2)
      const { requests } = await one.as(aliceSecret).requests({})
      expect(requests.at(-1)).toMatchObject({ generation: joined.generation, restart: false })
      expect(await ruleOf(answerOf(one.as(aliceSecret), joined.generation))).toBe('ok')
    }
  })

  test('a close against joins: who is in hears closed, nobody keeps a seat', async () => {
    await using one = await openSessions({ url })
    await using two = await openSessions({ url })
    const { secret } = await one.host('closing', { maxClients: 64 })
    const joins = many(40).map((i) => two.join('closing', `client ${i}`).catch(() => null))
    await one.as(secret).close()
    for (const joined of await Promise.all(joins)) {
      if (joined === null) continue
      const heard = await two
        .as(joined.secret)
        .candidates({ wait: 5_000 })
        .then(({ signals }) => signals[0]?.kind, ruleOfError)
      expect(['closed', 'session-gone']).toContain(heard ?? '')
    }
    const { _id } = (await db.collection('sessions').findOne({ name: 'closing' })) ?? {}
    expect(await db.collection('seats').countDocuments({ session: _id, live: true })).toBe(0)
  })

  test('many candidates from both sides at once arrive once each, in each sender`s order', async () => {
    await using one = await openSessions({ url })
    await using two = await openSessions({ url })
    const { aliceSecret, name } = await one.pair('candidates', 'answered')
    const carol = two.as((await two.join(name, 'Carol')).secret)
    const bobSecret = (await one.join(name, 'Bert')).secret
    const speak = async (caller: typeof carol, text: string) => {
      for (const i of many(30)) await caller.sendCandidates({ generation: 1, candidates: [candidate(`${text}${i}`)] })
    }
    await Promise.all([speak(carol, 'c'), speak(one.as(bobSecret), 'b')])
    for (const [client, text] of [
      ['Carol', 'c'],
      ['Bert', 'b'],
    ] as const) {
      const { signals } = await one.as(aliceSecret).candidates({ client })
      const texts = signals.flatMap((s) => (s.kind === 'candidates' ? s.candidates.map((c) => c.candidate) : []))
      expect(texts).toEqual(many(30).map((i) => `${text}${i}`))
    }
  })
})

type Caller = ReturnType<Awaited<ReturnType<typeof openSessions>>['as']>
const answerOf = (alice: Caller, generation: number) => alice.answer({ client: 'Bob', generation, answer: 'a' })
const ruleOfError = (error: unknown) => ruleOf(Promise.reject(error))
