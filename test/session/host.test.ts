import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { forged, idOf, newKey, openSessions, ruleOf } from '../kit/session.ts'

const { url, db } = useDatabase(import.meta.path)
const past = (ms: number) => new Date(Date.now() - ms)

describe('session.host', () => {
  test('name-taken: a live session has the name', async () => {
    await using kit = await openSessions({ url })
    await kit.host('taken')
    expect(await ruleOf(kit.host('taken'))).toBe('name-taken')
  })

  test('wrong-secret: the token of a live session with another secret or epoch, or a client`s token', async () => {
    await using kit = await openSessions({ url })
    const { aliceSecret, bobSecret } = await kit.pair('wrong secret')
    for (const bearer of [forged(aliceSecret), bobSecret, aliceSecret.replace(/0$/, '7')])
      expect(await ruleOf(kit.as(bearer).host({ name: 'wrong secret', hostName: 'Eve' }))).toBe('wrong-secret')
  })

  test('idempotency-mismatch: the key was used for another session', async () => {
    await using kit = await openSessions({ url })
    const as = kit.as(null, { key: newKey() })
    await as.host({ name: 'mismatch', hostName: 'Alice' })
    expect(await ruleOf(as.host({ name: 'mismatch', hostName: 'Mallory' }))).toBe('idempotency-mismatch')
    expect(await ruleOf(as.host({ name: 'mismatch', hostName: 'Alice', password: 'p' }))).toBe('idempotency-mismatch')
  })

  test('bad-request: control characters, too many seats, metadata over its limit', async () => {
    await using kit = await openSessions({ url })
    const host = (input: object) => kit.as(null).host({ hostName: 'Alice', ...input })
    const bad = [{ name: 'a\nb' }, { maxClients: 0 }, { maxClients: 257 }, { metadata: { map: 'x'.repeat(2_048) } }]
    for (const input of bad) await expect(host(input)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  test('a repeat under the same key gets the same name and secret', async () => {
    await using kit = await openSessions({ url })
    const as = kit.as(null, { key: newKey() })
    const first = await as.host({ hostName: 'Alice' })
    expect(await as.host({ hostName: 'Alice' })).toEqual(first)
    expect(await ruleOf(kit.as(first.secret).requests({}))).toBe('ok')
  })

  test('only hashes of the secret and the password are stored', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await kit.as(null).host({ name: 'hashed', hostName: 'Alice', password: 'open sesame' })
    const stored = await db.collection('sessions').findOne({ name: 'hashed' })
    expect(JSON.stringify(stored)).not.toContain(secret.slice(23, 45))
    expect(JSON.stringify(stored)).not.toContain('sesame')
    expect(stored?.passwordHash).toStartWith('$argon2id$')
  })
})

describe('a take-over with the host`s secret', () => {
  test('is never "taken": a reload keeps the session and its secret, with new fields', async () => {
    await using kit = await openSessions({ url })
    const { aliceSecret, bob } = await kit.pair('reload', 'answered')
    const again = await kit.as(aliceSecret).host({ name: 'reload', hostName: 'Alice 2', visibility: 'public' })
    expect(again).toMatchObject({ name: 'reload', resumed: true })
    expect(again.secret.split('.')).toEqual([...aliceSecret.split('.').slice(0, 2), '1'])
    const { sessions } = await kit.as(null).list({ search: 'reload' })
    expect(sessions).toMatchObject([{ hostName: 'Alice 2', clients: 1 }])
    expect(await ruleOf(bob.candidates({}))).toBe('ok')
  })

  test('ends the old tab with superseded, also while it waits', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await kit.host('old tab')
    const waiting = ruleOf(kit.as(secret).requests({ wait: 10_000 }))
    const began = performance.now()
    await kit.as(secret).host({ name: 'old tab', hostName: 'Alice' })
    expect(await waiting).toBe('superseded')
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  test('is not what an integrator`s JWT asks for', async () => {
    await using kit = await openSessions({ url })
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl'
    expect(await kit.as(jwt).host({ name: 'with a JWT', hostName: 'Alice' })).toMatchObject({ resumed: false })
    expect(await ruleOf(kit.as(jwt).join({ name: 'with a JWT', clientName: 'Bob', offer: 'o' }))).toBe('ok')
  })

  test('works without naming the session, and from a tab that was superseded itself', async () => {
    await using kit = await openSessions({ url })
    const first = await kit.host('nameless')
    const second = await kit.as(first.secret).host({ hostName: 'Alice' })
    const third = await kit.as(first.secret).host({ hostName: 'Alice' })
    expect([second.name, third.name]).toEqual(['nameless', 'nameless'])
    expect(third.secret.endsWith('.2')).toBe(true)
    expect(await ruleOf(kit.as(second.secret).requests({}))).toBe('superseded')
  })

  test('revives a session that expired while nobody took its name', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await kit.host('asleep')
    await db.collection('sessions').updateOne({ name: 'asleep' }, { $set: { expiresAt: past(1_000) } })
    expect(await kit.as(secret).host({ name: 'asleep', hostName: 'Alice' })).toMatchObject({ resumed: true })
  })

  test('of a session that is gone is a plain creation', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await kit.host('gone before')
    await kit.as(secret).close()
    const again = await kit.as(secret).host({ name: 'gone before', hostName: 'Alice' })
    expect(again.resumed).toBe(false)
    expect(idOf(again.secret)).not.toBe(idOf(secret))
  })

  test('repeated under the same key is one take-over; under another request it is idempotency-mismatch', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await kit.host('twice')
    const as = kit.as(secret, { key: newKey() })
    const first = await as.host({ name: 'twice', hostName: 'Alice' })
    expect(await as.host({ name: 'twice', hostName: 'Alice' })).toEqual(first)
    expect(await ruleOf(as.host({ name: 'twice', hostName: 'Mallory' }))).toBe('idempotency-mismatch')
    expect(await ruleOf(kit.as(first.secret).requests({}))).toBe('ok')
  })

  test('by two tabs at once gives each an epoch of its own', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await kit.host('two tabs')
    const tabs = await Promise.all([1, 2, 3].map(() => kit.as(secret).host({ hostName: 'Alice' })))
    expect(tabs.map((tab) => tab.secret.split('.')[2]).sort()).toEqual(['1', '2', '3'])
    const rules = await Promise.all(tabs.map((tab) => ruleOf(kit.as(tab.secret).requests({}))))
    expect(rules.sort()).toEqual(['ok', 'superseded', 'superseded'])
  })
})
