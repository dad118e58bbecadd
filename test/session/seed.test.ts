import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { candidate, openSessions, ruleOf } from '../kit/session.ts'

const { url } = useDatabase(import.meta.path)

describe('the flow of seed 3, line by line', () => {
  test('1. Alice says that she hosts a session, public or private, and gets its name and a secret', async () => {
    await using kit = await openSessions({ url })
    const named = await kit.as(null).host({ name: 'flow 1', hostName: 'Alice', visibility: 'public' })
    expect(named).toMatchObject({ name: 'flow 1', resumed: false, maxClients: 16, expiresInMs: 30_000 })
    const unnamed = await kit.as(null).host({ hostName: 'Alice' })
    expect(unnamed.name).toMatch(/^[a-z]+-[a-z]+-\d{4}$/)
    expect(unnamed.secret).not.toBe(named.secret)
  })

  test('2. Bob gets the name from the public list, or from outside when the session is private', async () => {
    await using kit = await openSessions({ url })
    await kit.as(null).host({ name: 'flow 2 public', hostName: 'Alice', visibility: 'public' })
    await kit.as(null).host({ name: 'flow 2 private', hostName: 'Alice', visibility: 'private' })
    const { sessions } = await kit.as(null).list({ search: 'flow 2' })
    expect(sessions.map(({ name }) => name)).toEqual(['flow 2 public'])
    expect(await ruleOf(kit.join('flow 2 private', 'Bob'))).toBe('ok')
  })

  test('3. Bob joins with an offer and his name: rejected if the name is taken, else he gets a secret', async () => {
    await using kit = await openSessions({ url })
    await kit.host('flow 3')
    const joined = await kit.join('flow 3', 'Bob')
    expect(joined).toMatchObject({ generation: 1, polite: true, hostName: 'Alice' })
    expect(await ruleOf(kit.join('flow 3', 'Bob'))).toBe('client-name-taken')
    // Keyed by the session's name.
    await kit.host('flow 3b')
    expect(await ruleOf(kit.join('flow 3b', 'Bob'))).toBe('ok')
  })

  test('4. Alice polls the join queue, gets the offer and posts her answer', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('flow 4')
    const { requests } = await alice.requests({})
    expect(requests).toEqual([{ client: 'Bob', generation: 1, offer: 'offer of Bob', restart: false }])
    await alice.answer({ client: 'Bob', generation: 1, answer: 'the answer' })
    const { signals } = await bob.candidates({})
    expect(signals).toEqual([{ kind: 'answer', client: 'Bob', generation: 1, answer: 'the answer' }])
  })

  test('5. both send ICE candidates in batches and poll for those of the other', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('flow 5', 'answered')
    const batch = { generation: 1, candidates: [candidate('a'), candidate('b')] }
    await bob.sendCandidates(batch)
    await bob.sendCandidates({ generation: 1, candidates: [], end: true })
    await alice.sendCandidates({ client: 'Bob', generation: 1, candidates: [candidate('c')] })
    const toAlice = await alice.candidates({ client: 'Bob' })
    expect(toAlice.signals.slice(1)).toEqual([
      { kind: 'candidates', client: 'Bob', ...batch, end: false },
      { kind: 'candidates', client: 'Bob', generation: 1, candidates: [], end: true },
    ])
    const toBob = await bob.candidates({})
    expect(toBob.signals.map(({ kind }) => kind)).toEqual(['answer', 'candidates'])
  })

  test('6. once connected the server is told and drops what led to it; the seat stays', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('flow 6', 'answered')
    await bob.sendCandidates({ generation: 1, candidates: [candidate('a')] })
    await bob.connected({ generation: 1 })
    expect((await alice.candidates({ client: 'Bob' })).signals).toEqual([{ kind: 'connected', client: 'Bob' }])
    expect((await alice.requests({})).requests).toEqual([])
    expect((await bob.candidates({})).signals).toEqual([])
    expect(await ruleOf(kit.join('flow 6', 'Bob'))).toBe('client-name-taken')
  })
})
