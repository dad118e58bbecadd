import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { candidate, openSessions, ruleOf } from '../kit/session.ts'
import { until } from '../kit/until.ts'

const { url } = useDatabase(import.meta.path)
const bobs = { client: 'Bob' }

describe('session.requests and session.candidates', () => {
  test('bad-request: a cursor that this service did not make', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('foreign cursor')
    for (const cursor of ['nonsense', '1', `${'a'.repeat(22)}.x`]) {
      expect(await ruleOf(alice.requests({ cursor }))).toBe('bad-request')
      expect(await ruleOf(bob.candidates({ cursor }))).toBe('bad-request')
    }
  })

  test('bad-request: a host that names no client, a client that names another', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('whose')
    expect(await ruleOf(alice.candidates({}))).toBe('bad-request')
    expect(await ruleOf(bob.candidates({ client: 'Carol' }))).toBe('bad-request')
  })

  test('reading removes nothing: the same cursor gets the same again, the next one only what is new', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('non-destructive')
    const first = await alice.candidates(bobs)
    expect(await alice.candidates(bobs)).toEqual(first)
    await bob.sendCandidates({ generation: 1, candidates: [candidate('b')] })
    const { cursor = '' } = first
    const next = await alice.candidates({ ...bobs, cursor })
    expect(next.signals.map(({ kind }) => kind)).toEqual(['candidates'])
    expect(await alice.candidates({ ...bobs, cursor })).toEqual(next)
  })

  test('a cursor of another box, or of one that was emptied, counts as the beginning', async () => {
    await using kit = await openSessions({ url })
    const { alice } = await kit.pair('foreign box')
    const { requests } = await alice.requests({ cursor: `${'z'.repeat(22)}.999` })
    expect(requests).toHaveLength(1)
  })

  test('of a host that names a client has nothing of the others', async () => {
    await using kit = await openSessions({ url })
    const { alice, name } = await kit.pair('others')
    await kit.join(name, 'Carol')
    const { signals, cursor = '' } = await alice.candidates(bobs)
    expect(signals.map(({ client }) => client)).toEqual(['Bob'])
    expect((await alice.candidates({ ...bobs, cursor })).signals).toEqual([])
    expect((await alice.requests({})).requests.map(({ client }) => client)).toEqual(['Bob', 'Carol'])
  })

  test('pages long boxes without losing anything', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('long')
    for (let i = 0; i < 150; i++) await bob.sendCandidates({ generation: 1, candidates: [candidate(String(i))] })
    const seen: string[] = []
    for (let cursor: string | undefined; ;) {
      const page = await alice.candidates({ ...bobs, ...(cursor === undefined ? {} : { cursor }) })
      if (page.signals.length === 0) break
      seen.push(...page.signals.flatMap((s) => (s.kind === 'candidates' ? s.candidates.map((c) => c.candidate) : [])))
      cursor = page.cursor
    }
    expect(seen).toEqual(Array.from({ length: 150 }, (_, i) => String(i)))
  })
})

describe('a poll with `wait`', () => {
  test('is held until there is something, and answers then', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('held')
    const waiting = bob.candidates({ wait: 10_000 })
    await until(async () => (await kit.foyer.metrics.waits.get()).values[0]?.value === 1, { what: 'the poll is held' })
    const began = performance.now()
    await alice.answer({ ...bobs, generation: 1, answer: 'a' })
    expect((await waiting).signals).toHaveLength(1)
    expect(performance.now() - began).toBeLessThan(1_000)
  })

  test('is woken by another process, for signals, supersession and the end', async () => {
    await using kit = await openSessions({ url })
    await using other = await openSessions({ url })
    const { alice, aliceSecret, bobSecret } = await kit.pair('other process')
    const began = performance.now()
    const bob = other.as(bobSecret)
    const answered = bob.candidates({ wait: 15_000 })
    await alice.answer({ ...bobs, generation: 1, answer: 'a' })
    const { cursor = '' } = await answered
    const old = ruleOf(other.as(aliceSecret).requests({ cursor, wait: 15_000 }))
    await kit.as(aliceSecret).requests({})
    const { secret } = await kit.as(aliceSecret).host({ hostName: 'Alice' })
    // The first look may find the offer; from then on the old tab has lost.
    expect(['ok', 'superseded']).toContain(await old)
    const closed = bob.candidates({ cursor, wait: 15_000 })
    await kit.as(secret).close()
    expect((await closed).signals).toEqual([{ kind: 'closed', client: 'Bob' }])
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  test('tells a superseded tab that waits in another process', async () => {
    await using kit = await openSessions({ url })
    await using other = await openSessions({ url })
    const { secret } = await kit.host('superseded elsewhere')
    const old = ruleOf(other.as(secret).requests({ wait: 15_000 }))
    const held = async () => (await other.foyer.metrics.waits.get()).values[0]?.value === 1
    await until(held, { what: 'the old tab waits' })
    const began = performance.now()
    await kit.as(secret).host({ hostName: 'Alice' })
    expect(await old).toBe('superseded')
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  test('ends empty at its time, with the caller, and with the server', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await kit.host('ends')
    expect((await kit.as(secret).requests({ wait: 50 })).requests).toEqual([])
    const patience = new AbortController()
    const left = kit.as(secret, { signal: patience.signal }).requests({ wait: 15_000 })
    const drained = kit.as(secret).requests({ wait: 15_000 })
    patience.abort()
    expect((await left).requests).toEqual([])
    kit.shutdown.abort()
    expect((await drained).requests).toEqual([])
  })

  test('is capped below the session`s expiry, and renews the session for all of it', async () => {
    const env = { SESSION_EXPIRY_MS: '900', SESSION_MAX_WAIT_MS: '600' }
    await using kit = await openSessions({ url, env })
    const { secret } = await kit.host('capped')
    const held = () => kit.foyer.sessions.list({ free: false, limit: 1, search: 'capped' })
    const began = performance.now()
    for (let i = 0; i < 4; i++) await kit.as(secret).requests({ wait: 60_000 })
    expect(performance.now() - began).toBeWithin(2_300, 4_000)
    expect(await ruleOf(kit.join('capped', 'Bob'))).toBe('ok')
    expect((await held()).sessions).toEqual([])
  })
})
