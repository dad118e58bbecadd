import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { idOf, newKey, openSessions, ruleOf } from '../kit/session.ts'

const { url, db } = useDatabase(import.meta.path)
const bobs = { client: 'Bob' }

describe('session.decline', () => {
  test('frees the seat, and the client reads the reason before seat-gone', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob, name } = await kit.pair('decline')
    await alice.decline({ ...bobs, reason: 'friends only' })
    const { signals, cursor = '' } = await bob.candidates({})
    expect(signals).toEqual([{ kind: 'declined', client: 'Bob', reason: 'friends only' }])
    expect(await ruleOf(bob.candidates({ cursor }))).toBe('seat-gone')
    expect((await alice.requests({})).requests).toEqual([])
    expect(await ruleOf(kit.join(name, 'Bob'))).toBe('ok')
  })

  test('request-gone: the client is connected', async () => {
    await using kit = await openSessions({ url })
    const { alice } = await kit.pair('decline connected', 'connected')
    expect(await ruleOf(alice.decline(bobs))).toBe('request-gone')
  })

  test('seat-gone: there is no such client', async () => {
    await using kit = await openSessions({ url })
    const { alice } = await kit.pair('decline nobody')
    expect(await ruleOf(alice.decline({ client: 'Nobody' }))).toBe('seat-gone')
  })

  test('idempotency-mismatch: the key was used for another; a repeat succeeds and hurts no namesake', async () => {
    await using kit = await openSessions({ url })
    const { aliceSecret, name } = await kit.pair('decline repeat')
    await kit.join(name, 'Carol')
    const alice = kit.as(aliceSecret, { key: newKey() })
    await alice.decline(bobs)
    await kit.join(name, 'Bob', 'of another Bob')
    expect(await ruleOf(alice.decline(bobs))).toBe('ok')
    expect(await ruleOf(kit.join(name, 'Bob'))).toBe('client-name-taken')
    expect(await ruleOf(alice.decline({ client: 'Carol' }))).toBe('idempotency-mismatch')
  })
})

describe('session.drop', () => {
  test('takes the seat of a connected client, which reads why', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob, name } = await kit.pair('drop', 'connected')
    await alice.drop({ ...bobs, reason: 'cheating' })
    expect((await bob.candidates({})).signals.at(-1)).toEqual({ kind: 'dropped', client: 'Bob', reason: 'cheating' })
    expect(await ruleOf(bob.restart({ generation: 2, offer: 'o' }))).toBe('seat-gone')
    expect(await ruleOf(kit.join(name, 'Bob'))).toBe('ok')
  })

  test('seat-gone: there is no such client', async () => {
    await using kit = await openSessions({ url })
    const { alice } = await kit.pair('drop nobody')
    await alice.drop(bobs)
    expect(await ruleOf(alice.drop(bobs))).toBe('seat-gone')
  })

  test('idempotency-mismatch: the key was used for another; a repeat completes one that died half-way', async () => {
    await using kit = await openSessions({ url })
    const { aliceSecret, bobSecret, name } = await kit.pair('drop repeat')
    const alice = kit.as(aliceSecret, { key: newKey() })
    await alice.drop(bobs)
    await db.collection<{ _id: string }>('seats').updateOne({ _id: idOf(bobSecret) }, { $set: { live: true } })
    expect(await ruleOf(alice.drop(bobs))).toBe('ok')
    expect(await ruleOf(kit.join(name, 'Bob'))).toBe('ok')
    expect(await ruleOf(alice.drop({ ...bobs, reason: 'other' }))).toBe('idempotency-mismatch')
  })
})

describe('session.leave', () => {
  test('frees the seat and tells the host, once however often it is repeated', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob, name } = await kit.pair('leave', 'connected')
    await bob.leave()
    await bob.leave()
    const { signals, cursor = '' } = await alice.candidates(bobs)
    expect(signals.filter(({ kind }) => kind === 'left')).toEqual([{ kind: 'left', client: 'Bob' }])
    expect(await ruleOf(alice.candidates({ ...bobs, cursor }))).toBe('seat-gone')
    expect(await ruleOf(kit.join(name, 'Bob'))).toBe('ok')
  })

  test('seat-gone: the host took the seat away before', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('leave dropped')
    await alice.drop(bobs)
    expect(await ruleOf(bob.leave())).toBe('seat-gone')
    expect(await ruleOf(kit.as(`${'a'.repeat(22)}.${'b'.repeat(22)}.0`).leave())).toBe('seat-gone')
  })

  test('session-gone: the session was lost', async () => {
    await using kit = await openSessions({ url })
    const { bob, name } = await kit.pair('leave lost')
    await db.collection('sessions').deleteOne({ name })
    expect(await ruleOf(bob.leave())).toBe('session-gone')
  })
})

describe('session.close', () => {
  test('frees the name at once; every client reads it before session-gone, the host hears session-gone', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob, name } = await kit.pair('close', 'connected')
    const carol = kit.as((await kit.join(name, 'Carol')).secret)
    await alice.close()
    for (const each of [bob, carol]) {
      const { signals, cursor = '' } = await each.candidates({})
      expect(signals.at(-1)?.kind).toBe('closed')
      expect(await ruleOf(each.candidates({ cursor }))).toBe('session-gone')
    }
    expect(await ruleOf(alice.requests({}))).toBe('session-gone')
    expect(await ruleOf(kit.host(name))).toBe('ok')
  })

  test('a repeat succeeds, and completes one that died before it had told everybody', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob, bobSecret } = await kit.pair('close repeat')
    await alice.close()
    await db.collection<{ _id: string }>('seats').updateOne({ _id: idOf(bobSecret) }, { $set: { live: true } })
    await db.collection('signals').deleteMany({ box: idOf(bobSecret) })
    await alice.close()
    expect((await bob.candidates({})).signals).toEqual([{ kind: 'closed', client: 'Bob' }])
  })

  test('session-gone: the session was lost to silence, or its name to another', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await kit.host('close late')
    const expired = { $set: { expiresAt: new Date(Date.now() - 1_000) } }
    await db.collection('sessions').updateOne({ name: 'close late' }, expired)
    const { secret: other } = await kit.host('close late')
    expect(await ruleOf(kit.as(secret).close())).toBe('session-gone')
    expect(await ruleOf(kit.as(other).close())).toBe('ok')
    expect(await ruleOf(kit.as(`${'a'.repeat(22)}.${'b'.repeat(22)}.0`).close())).toBe('session-gone')
  })
})
