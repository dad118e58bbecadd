import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { newRoom, openRest } from './rest.ts'

const { url } = useDatabase(import.meta.path)
const rest = await openRest(url)
const { store } = rest

const hosted = async () => {
  const room = newRoom()
  const { body } = await rest.put(room, 'offer')
  return { room, key: body.key ?? '', offerId: body.key?.split('.')[0] ?? '' }
}

describe('POST /custom/{room}/keep, edge by edge', () => {
  test('3020 YES, 3070 NO -> 3080: no answer yet: 204, and the offer lives on', async () => {
    const { room, key } = await hosted()
    await rest.expire(room, -100)
    const reply = await rest.keep(room, key)
    expect([reply.status, reply.retryAfter]).toEqual([204, '3'])
    expect((await rest.keep(room, key, { wait: 10 })).retryAfter).toBeNull()
    const kept = await store.offers.collection.findOne({ room, live: true })
    expect(kept?.expiresAt.getTime()).toBeGreaterThan(store.clock.now().getTime() + 8_000)
  })

  test('3070 YES -> 3100 -> 3110: 200 with the answer; offer and answer are removed', async () => {
    const { room, key } = await hosted()
    await rest.join(room, 'the answer')
    expect(await rest.keep(room, key)).toMatchObject({ status: 200, body: { answer: 'the answer' } })
    expect((await rest.put(room, 'next')).status).toBe(201)
    expect((await rest.keep(room, key)).body.rule).toBe('wrong-key')
  })

  test.each([
    ['no key', undefined],
    ['no key of ours', 'hello'],
    ['a key of nobody', `${'A'.repeat(22)}.${'B'.repeat(22)}`],
  ])('3020 NO -> 3030: %s: 400', async (_, key) => {
    const { room } = await hosted()
    const { status, body } = await rest.keep(room, key)
    expect([status, body.rule]).toEqual([400, 'wrong-key'])
  })

  test('3020 NO -> 3030: the right offer with a wrong secret, and the right key in another room: 400', async () => {
    const { room, key, offerId } = await hosted()
    const other = await hosted()
    expect((await rest.keep(room, `${offerId}.${'B'.repeat(22)}`)).status).toBe(400)
    expect((await rest.keep(other.room, key)).status).toBe(400)
    expect((await rest.keep(room, key)).status).toBe(204)
  })

  test('3020 NO -> 3030: a lost key: another host took the expired room', async () => {
    const { room, key } = await hosted()
    await rest.expire(room)
    await rest.put(room, 'new host')
    expect((await rest.keep(room, key)).body.rule).toBe('wrong-key')
  })
})

describe('POST /custom/{room}/join, edge by edge', () => {
  test('1020 NO -> 1100: the first answer is stored: 201', async () => {
    const { room, offerId } = await hosted()
    expect((await rest.join(room, 'answer', { offerId })).status).toBe(201)
  })

  test('1020 YES -> 1030: the second conflicts: 409 room-full', async () => {
    const { room } = await hosted()
    await rest.join(room, 'first')
    const second = await rest.join(room, 'second')
    expect([second.status, second.body.rule]).toEqual([409, 'room-full'])
  })

  test.each([
    ['an empty room', async () => ({ room: newRoom(), offerId: undefined })],
    [
      'an expired offer',
      async () => {
        const { room } = await hosted()
        await rest.expire(room)
        return { room, offerId: undefined }
      },
    ],
    [
      'a replaced offer',
      async () => {
        const { room, offerId } = await hosted()
        await rest.expire(room)
        await rest.put(room, 'new host')
        return { room, offerId }
      },
    ],
    [
      'an offer whose answer the host holds',
      async () => {
        const { room, key, offerId } = await hosted()
        await rest.join(room, 'first')
        await rest.keep(room, key)
        return { room, offerId }
      },
    ],
  ])('%s: 409 offer-gone', async (_, prepare) => {
    const { room, offerId } = await prepare()
    const late = await rest.join(room, 'late', { offerId })
    expect([late.status, late.body.rule]).toEqual([409, 'offer-gone'])
  })

  test('an answer is never delivered to another host than the one it was made for', async () => {
    const { room, key, offerId } = await hosted()
    await rest.join(room, 'for the first host', { offerId })
    await rest.expire(room)
    const second = await rest.put(room, 'second host')
    expect(second.status).toBe(201)
    expect((await rest.keep(room, second.body.key)).status).toBe(204)
    expect((await rest.keep(room, key)).status).toBe(400)
  })
})

describe('DELETE /custom/{room}, edge by edge', () => {
  test('4010 YES -> 4030 -> 4040: 204; the offer and its answer are gone and the room is free', async () => {
    const { room, key } = await hosted()
    await rest.join(room, 'answer')
    expect((await rest.remove(room, key)).status).toBe(204)
    expect(await store.answers.collection.countDocuments({ room, answer: { $exists: true } })).toBe(0)
    expect((await rest.put(room, 'next')).status).toBe(201)
  })

  test('4010 NO -> 4100: a wrong key: 400, and the room stays', async () => {
    const { room, offerId } = await hosted()
    expect((await rest.remove(room, `${offerId}.${'B'.repeat(22)}`)).status).toBe(400)
    expect((await rest.remove(room)).status).toBe(400)
    expect((await rest.put(room, 'guest')).status).toBe(200)
  })

  test('4010 NO -> 4100: a lost key, and a second DELETE: 400', async () => {
    const { room, key } = await hosted()
    await rest.expire(room)
    await rest.put(room, 'new host')
    expect((await rest.remove(room, key)).status).toBe(400)
    const mine = await hosted()
    expect((await rest.remove(mine.room, mine.key)).status).toBe(204)
    expect((await rest.remove(mine.room, mine.key)).status).toBe(400)
  })
})
