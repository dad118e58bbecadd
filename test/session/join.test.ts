import { describe, expect, test } from 'bun:test'
import type { SeatDoc } from '../../server/store/docs.ts'
import { useDatabase } from '../kit/mongo.ts'
import { flood, forged, idOf, newKey, openSessions, ruleOf } from '../kit/session.ts'

const { url, db } = useDatabase(import.meta.path)
const seats = db.collection<SeatDoc>('seats')
const sessions = db.collection('sessions')
const expire = { $set: { expiresAt: new Date(Date.now() - 1_000) } }

describe('session.join', () => {
  test('session-gone: no such session, one that ended, one whose host is silent', async () => {
    await using kit = await openSessions({ url })
    expect(await ruleOf(kit.join('nowhere', 'Bob'))).toBe('session-gone')
    const { secret } = await kit.host('ended')
    await kit.as(secret).close()
    expect(await ruleOf(kit.join('ended', 'Bob'))).toBe('session-gone')
    await kit.host('silent')
    await sessions.updateOne({ name: 'silent' }, expire)
    expect(await ruleOf(kit.join('silent', 'Bob'))).toBe('session-gone')
  })

  test('wrong-password: none or another one', async () => {
    await using kit = await openSessions({ url })
    await kit.as(null).host({ name: 'locked', hostName: 'Alice', password: 'right' })
    const join = (more: object) => ruleOf(kit.as(null).join({ name: 'locked', clientName: 'Bob', offer: 'o', ...more }))
    expect(await join({})).toBe('wrong-password')
    expect(await join({ password: 'wrong' })).toBe('wrong-password')
    expect(await join({ password: 'right' })).toBe('ok')
  })

  test('client-name-taken: another client of this session has the name', async () => {
    await using kit = await openSessions({ url })
    await kit.pair('namesakes', 'connected')
    expect(await ruleOf(kit.join('namesakes', 'Bob'))).toBe('client-name-taken')
  })

  test('session-full: every seat is taken, until one is given up', async () => {
    await using kit = await openSessions({ url })
    await kit.host('small', { maxClients: 2 })
    const { secret } = await kit.join('small', 'Bob')
    await kit.join('small', 'Carol')
    expect(await ruleOf(kit.join('small', 'Dave'))).toBe('session-full')
    await kit.as(secret).leave()
    expect(await ruleOf(kit.join('small', 'Dave'))).toBe('ok')
  })

  test('too-many-signals: the host`s box is full of what it has not dealt with', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await kit.host('flooded')
    const box = idOf(secret)
    await flood(kit.foyer, box)
    expect(await ruleOf(kit.join('flooded', 'Bob'))).toBe('too-many-signals')
    await db.collection('signals').updateMany({ box, n: { $lt: 100 } }, { $unset: { body: '' } })
    expect(await ruleOf(kit.join('flooded', 'Bob'))).toBe('ok')
  })

  test('wrong-secret: a forged client token, or the host`s', async () => {
    await using kit = await openSessions({ url })
    const { aliceSecret, bobSecret } = await kit.pair('forged')
    for (const bearer of [forged(bobSecret), aliceSecret])
      expect(await ruleOf(kit.as(bearer).join({ name: 'forged', clientName: 'Bob', offer: 'o' }))).toBe('wrong-secret')
  })

  test('idempotency-mismatch: the key was used for another join', async () => {
    await using kit = await openSessions({ url })
    await kit.host('mismatch')
    const as = kit.as(null, { key: newKey() })
    await as.join({ name: 'mismatch', clientName: 'Bob', offer: 'o' })
    expect(await ruleOf(as.join({ name: 'mismatch', clientName: 'Bob', offer: 'p' }))).toBe('idempotency-mismatch')
  })

  test('a repeat under the same key gets the same seat, and completes a join that died before its offer', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await kit.host('repeat')
    const as = kit.as(null, { key: newKey() })
    const first = await as.join({ name: 'repeat', clientName: 'Bob', offer: 'o' })
    await db.collection('signals').deleteMany({ box: idOf(secret) })
    expect(await as.join({ name: 'repeat', clientName: 'Bob', offer: 'o' })).toEqual(first)
    expect(await as.join({ name: 'repeat', clientName: 'Bob', offer: 'o' })).toEqual(first)
    expect((await kit.as(secret).requests({})).requests).toHaveLength(1)
  })

  test('a client that never connected loses name and slot at the expiry, not before', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await kit.host('never came', { maxClients: 1 })
    const lost = await kit.join('never came', 'Bob')
    expect(await ruleOf(kit.join('never came', 'Carol'))).toBe('session-full')
    await seats.updateOne({ _id: idOf(lost.secret) }, expire)
    expect(await ruleOf(kit.join('never came', 'Carol'))).toBe('ok')
    expect(await ruleOf(kit.as(lost.secret).candidates({}))).toBe('seat-gone')
    // Its offer is not handed to the host any more.
    const { requests } = await kit.as(secret).requests({})
    expect(requests.map(({ client }) => client)).toEqual(['Carol'])
  })

  test('a namesake of a client that never connected takes its place', async () => {
    await using kit = await openSessions({ url })
    await kit.host('namesake')
    const lost = await kit.join('namesake', 'Bob')
    await seats.updateOne({ _id: idOf(lost.secret) }, expire)
    expect(await ruleOf(kit.join('namesake', 'Bob', 'another offer'))).toBe('ok')
  })
})
