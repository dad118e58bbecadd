import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { EVANESCENT, openLeases, PERPETUAL } from './lease-kit.ts'

const { leases, wanted, held, row, age, claim, unsettled } = await openLeases(useDatabase(import.meta.path))

describe('a wanted lease', () => {
  test('is a new row that is free to be claimed, once however often it is wanted', async () => {
    const room = crypto.randomUUID()
    const want = () => leases.want({ room, kind: PERPETUAL, epoch: 3 })
    await Promise.all(Array.from({ length: 20 }, want))
    const made = await row(room)
    expect(made).toMatchObject({
      kind: PERPETUAL,
      desired: 'on',
      status: 'wanted',
      epoch: 3,
      holder: null,
      aliveSince: null,
    })
    expect(made.crash).toEqual({ count: 0, since: null, notBefore: null })
    await want()
    expect(await row(room)).toEqual(made)
    expect(await leases.candidates({ limit: 100 })).toContainEqual({
      room,
      kind: PERPETUAL,
      epoch: 3,
      status: 'wanted',
      since: made.wantedAt,
    })
  })

  test('is never below the epoch of its log, and never goes back', async () => {
    const room = await wanted()
    await leases.want({ room, kind: PERPETUAL, epoch: 7 })
    expect((await row(room)).epoch).toBe(7)
    await leases.want({ room, kind: PERPETUAL, epoch: 2 })
    expect((await row(room)).epoch).toBe(7)
  })

  test('wakes a perpetual conductor that sleeps, or was terminated', async () => {
    const { room, ...mine } = await held()
    await leases.release({ room, ...mine, to: 'released' })
    expect(await row(room)).toMatchObject({ status: 'released', holder: null })
    await leases.want({ room, kind: PERPETUAL, epoch: 1 })
    expect(await row(room)).toMatchObject({ status: 'wanted', epoch: 1 })
    await leases.off({ room, ended: false })
    expect(await row(room)).toMatchObject({ desired: 'off', status: 'released', epoch: 2 })
    await leases.want({ room, kind: PERPETUAL, epoch: 1 })
    expect(await row(room)).toMatchObject({ desired: 'on', status: 'wanted', epoch: 2 })
  })

  test('does not touch who holds it', async () => {
    const { room } = await held()
    const before = await row(room)
    await leases.want({ room, kind: PERPETUAL, epoch: 1 })
    expect(await row(room)).toEqual(before)
  })

  test('is not revived for an evanescent room that has ended', async () => {
    const { room } = await held(EVANESCENT)
    await leases.off({ room, ended: false })
    const ended = await row(room)
    expect(ended).toMatchObject({ desired: 'off', status: 'ended', holder: null, epoch: 2 })
    expect(ended.purgeAt?.getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000)
    await leases.want({ room, kind: EVANESCENT, epoch: 9 })
    await leases.off({ room, ended: true })
    expect(await row(room)).toEqual(ended)
    expect(await claim(room)).toBeNull()
  })
})

describe('a claim', () => {
  test('takes a wanted lease under the next epoch, for as long as a lease is', async () => {
    const room = await wanted()
    const taken = await claim(room, { worker: 'w9', claim: '$c', host: '$host' })
    expect(taken).toMatchObject({ status: 'held', epoch: 1, holder: { worker: 'w9', claim: '$c', host: '$host' } })
    const { expiresAt, renewedAt } = await row(room)
    expect((expiresAt?.getTime() ?? 0) - (renewedAt?.getTime() ?? 0)).toBe(15_000)
  })

  test('of 20 at once goes to one', async () => {
    const room = await wanted()
    const all = await Promise.all(Array.from({ length: 20 }, (_, i) => claim(room, { epoch: 0, worker: `w${i}` })))
    const won = all.filter((taken) => taken !== null)
    expect(won).toHaveLength(1)
    expect(await row(room)).toMatchObject({ epoch: 1, holder: won[0]?.holder ?? {} })
  })

  test('of 20 at once for a lost perpetual one goes to one, and of an evanescent one to nobody', async () => {
    for (const [kind, winners] of [
      [PERPETUAL, 1],
      [EVANESCENT, 0],
    ] as const) {
      const { room } = await held(kind)
      await age(room, 17_100)
      const all = await Promise.all(Array.from({ length: 20 }, (_, i) => claim(room, { epoch: 1, worker: `w${i}` })))
      expect(all.filter((taken) => taken !== null)).toHaveLength(winners)
      expect((await row(room)).epoch).toBe(1 + winners)
    }
  })

  test('takes nothing over before the grace is over, nor right after an election', async () => {
    const { room } = await held()
    await age(room, 16_500)
    expect(await claim(room)).toBeNull()
    expect((await leases.candidates({ limit: 100 })).some((one) => one.room === room)).toBe(false)
    await age(room, 600)
    expect(await claim(room, { mayTakeOver: false })).toBeNull()
    expect((await unsettled.candidates({ limit: 100 })).some((one) => one.room === room)).toBe(false)
    expect((await leases.candidates({ limit: 100 })).some((one) => one.room === room)).toBe(true)
    expect(await claim(room, { worker: 'w2' })).toMatchObject({ epoch: 2, holder: { worker: 'w2' } })
  })

  test('under another epoch than the row has is refused', async () => {
    const room = await wanted()
    expect(await claim(room, { epoch: 1 })).toBeNull()
  })

  test('whose outcome is unknown is read back, and undone by its id', async () => {
    const { room, claim: mine } = await held()
    expect((await leases.readBack(room))?.holder?.claim).toBe(mine)
    await leases.disown({ room, claim: 'another' })
    expect(await row(room)).toMatchObject({ status: 'held', epoch: 1 })
    await leases.disown({ room, claim: mine })
    expect(await row(room)).toMatchObject({ status: 'wanted', epoch: 2, holder: null })
  })
})

describe('a re-claim', () => {
  test('is for the same process and claim, whatever the kind and the expiry, under the next epoch', async () => {
    for (const kind of [PERPETUAL, EVANESCENT]) {
      const mine = await held(kind)
      await age(mine.room, 60_000)
      expect(await leases.reclaim({ ...mine, worker: 'w2', next: 'n' })).toBeNull()
      expect(await leases.reclaim({ ...mine, claim: 'other', next: 'n' })).toBeNull()
      const next = await leases.reclaim({ ...mine, next: '$n' })
      expect(next).toMatchObject({ status: 'held', epoch: 2, holder: { worker: 'w1', claim: '$n' } })
      expect(next?.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 10_000)
      expect(await leases.reclaim({ ...mine, next: 'again' })).toBeNull()
    }
  })

  test('comes too late once another has taken over', async () => {
    const mine = await held()
    await age(mine.room, 20_000)
    await claim(mine.room, { worker: 'w2' })
    expect(await leases.reclaim({ ...mine, next: 'n' })).toBeNull()
  })
})

describe('the renewal of all leases of a worker', () => {
  test('keeps them, and tells which are lost and which have run out', async () => {
    const [kept, expired, lost] = [await held(), await held(EVANESCENT), await held()]
    await age(kept.room, 5_000)
    await age(expired.room, 15_100)
    await age(lost.room, 20_000)
    await claim(lost.room, { worker: 'w2' })
    const rooms = [kept.room, expired.room, lost.room]
    expect(await leases.renew({ worker: 'w1', rooms })).toEqual({ lost: [lost.room], expired: [expired.room] })
    const renewed = await row(kept.room)
    expect(renewed).toMatchObject({ epoch: 1, status: 'held' })
    expect(renewed.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 14_000)
    expect(await row(expired.room)).toMatchObject({ epoch: 1, status: 'held' })
    expect(await leases.renew({ worker: 'w1', rooms: [kept.room] })).toEqual({ lost: [], expired: [] })
  })
})
