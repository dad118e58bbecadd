import { describe, expect, test } from 'bun:test'
import { createAs, openAs } from '../kit/open-rooms.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'
import { JWT_SECRET } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'

const { url: mongo } = useDatabase(import.meta.path)
const { url } = await startServer({ url: mongo, env: { JWT_SECRET, RATE_PER_USER: '0', RATE_PER_ROOM: '0' } })

describe('an open room', () => {
  test('shows own edits at once, and those of others when they happen', async () => {
    const alice = await createAs({ url, user: 'alice' }, { data: { title: 'board', list: ['a'] } })
    const bob = await openAs({ url, user: 'bob' }, alice.id)
    const done = alice.set('/title', 'ours')
    alice.append('/list', 'b')
    expect(alice.data).toEqual({ title: 'ours', list: ['a', 'b'] })
    expect(alice.pending).toBe(2)
    expect(bob.data).toEqual({ title: 'board', list: ['a'] })
    expect(await done).toMatchObject({ replayed: false, values: [] })
    await until(() => bob.version === 4 || bob.version === 3, { what: 'the edits come' })
    expect(bob.data).toEqual(alice.data)
    await alice.settled()
    expect(alice.pending).toBe(0)
    await until(() => alice.version === bob.version, {what: 'same version'})
    expect(alice.occupants).toEqual(['alice', 'bob'])
  })
})
