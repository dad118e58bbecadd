import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { openSessions, ruleOf, type SessionKit } from '../kit/session.ts'

const { url, db } = useDatabase(import.meta.path)

const publicly = (kit: SessionKit, name: string, more: object = {}) =>
  kit.as(null).host({ name, hostName: 'Alice', visibility: 'public', ...more })

describe('session.list', () => {
  test('bad-request: a cursor that this service did not make', async () => {
    await using kit = await openSessions({ url })
    for (const cursor of ['nonsense', '1.2', `x.${'a'.repeat(22)}`])
      expect(await ruleOf(kit.as(null).list({ cursor }))).toBe('bad-request')
  })

  test('shows what a stranger may know, and no secret or SDP', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await publicly(kit, 'shown', { metadata: { map: 'dust' }, maxClients: 3, password: 'p' })
    await kit.as(null).join({ name: 'shown', clientName: 'Bob', offer: 'v=0 the offer', password: 'p' })
    const page = await kit.as(null).list({ search: 'SHOWN' })
    expect(page).toEqual({
      sessions: [
        {
          name: 'shown',
          hostName: 'Alice',
          metadata: { map: 'dust' },
          clients: 1,
          maxClients: 3,
          hasPassword: true,
          createdAt: expect.any(Date),
        },
      ],
      nextCursor: null,
    })
    const text = JSON.stringify(page)
    for (const hidden of ['v=0', secret.slice(23, 45), 'Hash']) expect(text).not.toContain(hidden)
  })

  test('has no ghosts: who was silent for the expiry is hidden though TTL has not run, and back at the next sign', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await publicly(kit, 'ghost')
    const names = async () => (await kit.as(null).list({ search: 'ghost' })).sessions.map(({ name }) => name)
    expect(await names()).toEqual(['ghost'])
    await db.collection('sessions').updateOne({ name: 'ghost' }, { $set: { expiresAt: new Date(Date.now() - 1) } })
    expect(await names()).toEqual([])
    await kit.as(secret).requests({})
    expect(await names()).toEqual(['ghost'])
    await kit.as(secret).close()
    expect(await names()).toEqual([])
  })

  test('pages through all, newest first, each once, also where many began in the same millisecond', async () => {
    await using kit = await openSessions({ url })
    const names = Array.from({ length: 12 }, (_, i) => `paged ${String(i).padStart(2, '0')}`)
    for (const name of names) await publicly(kit, name)
    await db.collection('sessions').updateMany({ name: /^paged 0[2-7]/ }, { $set: { at: new Date() } })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await kit.as(null).list({ search: 'paged', limit: 5, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...page.sessions.map(({ name }) => name))
      expect(page.sessions.length).toBeLessThanOrEqual(5)
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(seen.toSorted()).toEqual(names)
  })

  test('finds by part of the session`s or the host`s name, taken literally', async () => {
    await using kit = await openSessions({ url })
    await publicly(kit, 'Chess (blitz) 5+3 [a-z]/\\ 名前')
    await publicly(kit, 'other', { hostName: 'Grandmaster' })
    const found = async (search: string) => (await kit.as(null).list({ search })).sessions.map(({ name }) => name)
    for (const part of ['(BLITZ)', '5+3', '[a-z]/\\', '名前']) expect(await found(part)).toHaveLength(1)
    expect(await found('grandM')).toEqual(['other'])
    expect(await found('.*')).toEqual([])
  })

  test('filters by equal metadata values, whatever the keys look like', async () => {
    await using kit = await openSessions({ url })
    await publicly(kit, 'meta 1', { metadata: { map: 'dust', $ranked: true, 'a.b': 1 } })
    await publicly(kit, 'meta 2', { metadata: { map: 'dust', $ranked: false, 'a.b': '1' } })
    const found = async (metadata: Record<string, string | number | boolean>) =>
      (await kit.as(null).list({ search: 'meta', metadata })).sessions.map(({ name }) => name).sort()
    expect(await found({ map: 'dust' })).toEqual(['meta 1', 'meta 2'])
    expect(await found({ map: 'dust', $ranked: true })).toEqual(['meta 1'])
    expect(await found({ 'a.b': '1' })).toEqual(['meta 2'])
    expect(await found({ map: 'dus' })).toEqual([])
  })

  test('with `free` leaves out the full ones, and still fills its pages', async () => {
    await using kit = await openSessions({ url })
    for (let i = 0; i < 6; i++) await publicly(kit, `free ${i}`, { maxClients: 1 })
    for (const i of [0, 2, 3, 5]) await kit.join(`free ${i}`, 'Bob')
    const first = await kit.as(null).list({ search: 'free', free: true, limit: 1 })
    expect(first.sessions.map(({ name }) => name)).toEqual(['free 4'])
    const second = await kit.as(null).list({ search: 'free', free: true, limit: 1, cursor: first.nextCursor ?? '' })
    expect(second.sessions.map(({ name }) => name)).toEqual(['free 1'])
  })
})
