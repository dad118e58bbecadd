import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { newRoom, openRest } from './rest.ts'

const { url } = useDatabase(import.meta.path)
const rest = await openRest(url)
const other = await openRest(url)
const newKey = () => crypto.randomUUID()

describe('a lost reply loses nothing: a repeat under its Idempotency-Key gets the first reply', () => {
  test('PUT that got the room: the same key, also from another server, also after the answer was removed', async () => {
    const room = newRoom()
    const idempotencyKey = newKey()
    const first = await rest.put(room, 'offer', { idempotencyKey })
    expect(first.status).toBe(201)
    expect(await other.put(room, 'offer', { idempotencyKey })).toEqual(first)
    await rest.join(room, 'answer')
    await rest.keep(room, first.body.key)
    expect(await other.put(room, 'offer', { idempotencyKey })).toEqual(first)
    await rest.put(room, 'next host')
    expect(await rest.put(room, 'offer', { idempotencyKey })).toEqual(first)
  })

  test('PUT that got an offer: the same offer, also when the room holds another by then', async () => {
    const room = newRoom()
    const host = await rest.put(room, 'first host')
    const idempotencyKey = newKey()
    const first = await rest.put(room, 'guest', { idempotencyKey })
    await rest.remove(room, host.body.key)
    await rest.put(room, 'second host')
    expect(await other.put(room, 'guest', { idempotencyKey })).toEqual(first)
  })

  test('ten PUTs at once with one key are one PUT', async () => {
    const room = newRoom()
    const idempotencyKey = newKey()
    const put = (_: unknown, i: number) => (i % 2 ? rest : other).put(room, 'offer', { idempotencyKey })
    const replies = await Promise.all(Array.from({ length: 10 }, put))
    expect(new Set(replies.map((reply) => reply.body.key)).size).toBe(1)
    expect(replies.every((reply) => reply.status === 201)).toBe(true)
  })

  test('keep that got the answer: the answer again, although it was removed', async () => {
    const room = newRoom()
    const host = await rest.put(room, 'offer')
    await rest.join(room, 'answer')
    const idempotencyKey = newKey()
    const first = await rest.keep(room, host.body.key, { idempotencyKey })
    expect(first).toMatchObject({ status: 200, body: { answer: 'answer' } })
    expect(await other.keep(room, host.body.key, { idempotencyKey })).toEqual(first)
    await rest.put(room, 'next host')
    expect(await other.keep(room, host.body.key, { idempotencyKey })).toEqual(first)
    expect((await rest.keep(room, host.body.key, { idempotencyKey: newKey() })).status).toBe(400)
  })

  test('join that got in: 201 again, also after the host took the answer', async () => {
    const room = newRoom()
    const host = await rest.put(room, 'offer')
    const idempotencyKey = newKey()
    expect((await rest.join(room, 'answer', { idempotencyKey })).status).toBe(201)
    expect((await other.join(room, 'answer', { idempotencyKey })).status).toBe(201)
    await rest.keep(room, host.body.key)
    expect((await other.join(room, 'answer', { idempotencyKey })).status).toBe(201)
    expect((await other.join(room, 'answer')).status).toBe(409)
  })

  test('ten joins at once with one key are one join', async () => {
    const room = newRoom()
    await rest.put(room, 'offer')
    const idempotencyKey = newKey()
    const join = (_: unknown, i: number) => (i % 2 ? rest : other).join(room, 'answer', { idempotencyKey })
    const replies = await Promise.all(Array.from({ length: 10 }, join))
    expect(replies.map((reply) => reply.status)).toEqual(Array(10).fill(201))
  })

  test('another request under a used key: 422 idempotency-mismatch, and nothing happens', async () => {
    const room = newRoom()
    const idempotencyKey = newKey()
    await rest.put(room, 'offer', { idempotencyKey })
    expect((await rest.put(room, 'another', { idempotencyKey })).body.rule).toBe('idempotency-mismatch')
    await rest.join(room, 'answer', { idempotencyKey })
    const second = await rest.join(room, 'another', { idempotencyKey })
    expect([second.status, second.body.rule]).toEqual([422, 'idempotency-mismatch'])
  })

  test('a weak or malformed key: 400 bad-request', async () => {
    for (const idempotencyKey of ['1', 'with space in the middle', 'x'.repeat(129)]) {
      const reply = await rest.put(newRoom(), 'offer', { idempotencyKey })
      expect([reply.status, reply.body.rule]).toEqual([400, 'bad-request'])
    }
  })
})
