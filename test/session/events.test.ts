import { describe, expect, test } from 'bun:test'
import { isTrackedEnvelope } from '@trpc/server'
import { signalSchema } from '../../shared/session/schema.ts'
import { useDatabase } from '../kit/mongo.ts'
import { candidate, openSessions, ruleOf, type SessionKit } from '../kit/session.ts'
import { until } from '../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const bobs = { client: 'Bob' }

/** Subscribes and collects; `ended` is the rule that the stream ends with, `ok` when it just ends. */
function follow(kit: SessionKit, bearer: string, lastEventId?: string) {
  const stop = new AbortController()
  const seen: { id: string; kind: string; text: string }[] = []
  const run = async () => {
    const events = await kit
      .as(bearer, { signal: stop.signal })
      .events(lastEventId === undefined ? {} : { lastEventId })
    for await (const event of events) {
      if (!isTrackedEnvelope(event)) throw new Error('not tracked')
      const [id, data] = event
      const signal = signalSchema.parse(data)
      seen.push({ id, kind: signal.kind, text: JSON.stringify(signal) })
    }
  }
  const ended = ruleOf(run())
  const kinds = () => seen.map(({ kind }) => kind)
  const has = (...wanted: string[]) =>
    until(() => kinds().join() === wanted.join(), { what: `${wanted.join()} in the stream` })
  return { seen, kinds, ended, has, stop: () => stop.abort() }
}

const streams = async (kit: SessionKit) => (await kit.foyer.metrics.streams.get()).values[0]?.value

describe('session.events', () => {
  test('replays what lies in the box, then brings what comes, to the host of all clients and to a client of its own', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob, name, aliceSecret, bobSecret } = await kit.pair('stream')
    const host = follow(kit, aliceSecret)
    const client = follow(kit, bobSecret)
    await host.has('offer')
    await alice.answer({ ...bobs, generation: 1, answer: 'a' })
    await bob.sendCandidates({ generation: 1, candidates: [candidate('b')] })
    await kit.join(name, 'Carol')
    await host.has('offer', 'candidates', 'offer')
    await client.has('answer')
    expect(await streams(kit)).toBe(2)
    host.stop()
    client.stop()
    expect([await host.ended, await client.ended]).toEqual(['ok', 'ok'])
    expect(await streams(kit)).toBe(0)
  })

  test('resumes after lastEventId on any process: nothing lost, doubled or reordered', async () => {
    await using kit = await openSessions({ url })
    await using other = await openSessions({ url })
    const { bob, aliceSecret } = await kit.pair('resume')
    const send = (text: string) => bob.sendCandidates({ generation: 1, candidates: [candidate(text)] })
    const seen: string[] = []
    let last: string | undefined
    for (let round = 0; round < 6; round++) {
      const stream = follow(round % 2 === 0 ? kit : other, aliceSecret, last)
      await send(`${round}a`)
      await until(() => stream.seen.some(({ text }) => text.includes(`${round}a`)), { what: 'the signal arrived' })
      stream.stop()
      await stream.ended
      await send(`${round}b`)
      seen.push(...stream.seen.map(({ text }) => /"(\d[ab])"/.exec(text)?.[1] ?? 'offer'))
      last = stream.seen.at(-1)?.id
    }
    const all = Array.from({ length: 6 }, (_, i) => [`${i}a`, `${i}b`]).flat()
    expect(seen).toEqual(['offer', ...all.slice(0, -1)])
  })

  test('superseded: a newer tab took over, in this process or another', async () => {
    await using kit = await openSessions({ url })
    await using other = await openSessions({ url })
    const { name, aliceSecret, bobSecret } = await kit.pair('stream superseded')
    const here = follow(kit, aliceSecret)
    const there = follow(other, bobSecret)
    await here.has('offer')
    await until(async () => (await streams(other)) === 1, { what: 'the other stream is open' })
    await kit.as(aliceSecret).host({ hostName: 'Alice' })
    await kit.as(bobSecret).join({ name, clientName: 'Bob', offer: 'o2' })
    expect([await here.ended, await there.ended]).toEqual(['superseded', 'superseded'])
  })

  test('seat-gone and session-gone: after the last signal', async () => {
    await using kit = await openSessions({ url })
    const { alice, name, aliceSecret, bobSecret } = await kit.pair('stream gone')
    const carols = await kit.join(name, 'Carol')
    const [host, bob, carol] = [aliceSecret, bobSecret, carols.secret].map((bearer) => follow(kit, bearer))
    await until(async () => (await streams(kit)) === 3, { what: 'three streams' })
    await alice.drop(bobs)
    expect(await bob?.ended).toBe('seat-gone')
    expect(bob?.kinds()).toEqual(['dropped'])
    await alice.close()
    expect([await host?.ended, await carol?.ended]).toEqual(['session-gone', 'session-gone'])
    expect(carol?.kinds()).toEqual(['closed'])
  })

  test('bad-request: a lastEventId that this service did not make', async () => {
    await using kit = await openSessions({ url })
    const { aliceSecret } = await kit.pair('stream cursor')
    expect(await follow(kit, aliceSecret, 'nonsense').ended).toBe('bad-request')
  })

  test('shutting-down: the server drains', async () => {
    await using kit = await openSessions({ url })
    const { aliceSecret } = await kit.pair('stream drain')
    const stream = follow(kit, aliceSecret)
    await stream.has('offer')
    kit.shutdown.abort()
    expect(await stream.ended).toBe('shutting-down')
  })

  test('an open stream keeps the host`s session alive by itself', async () => {
    await using kit = await openSessions({ url, env: { SESSION_EXPIRY_MS: '600', SESSION_MAX_WAIT_MS: '300' } })
    const { secret } = await kit.host('stream alive')
    const stream = follow(kit, secret)
    const first = await db.collection('sessions').findOne({ name: 'stream alive' })
    const renewed = async () => {
      const now = await db.collection('sessions').findOne({ name: 'stream alive' })
      return now?.expiresAt - first?.expiresAt > 1_200
    }
    await until(renewed, { what: 'two expiries passed and the session lives' })
    expect(await ruleOf(kit.join('stream alive', 'Bob'))).toBe('ok')
    stream.stop()
    await stream.ended
  })

  test('a reader that does not take its events is sent a page at most, and holds nobody up', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob, aliceSecret } = await kit.pair('slow reader')
    const events = await kit.as(aliceSecret).events({})
    const reader = events[Symbol.asyncIterator]()
    await reader.next()
    for (let i = 0; i < 80; i++) await bob.sendCandidates({ generation: 1, candidates: [candidate(String(i))] })
    expect((await alice.candidates(bobs)).signals.length).toBe(64)
    let count = 1
    for (; count < 81; count++) expect((await reader.next()).done).toBe(false)
    await reader.return?.()
    expect(await streams(kit)).toBe(0)
  })
})
