import { beforeEach, describe, expect, test } from 'bun:test'
import type { LeaseDoc } from '../../server/store/docs-quiz.ts'
import { useDatabase } from '../kit/mongo.ts'
import { until } from '../kit/until.ts'
import { emptyQuiz, MINUTE, openQuizSweeper, type QuizSweeper, send, SERVICE } from './quiz-sweeper.ts'

const { url, db } = useDatabase(import.meta.path)
beforeEach(() => emptyQuiz(db))

/** Moves what a lease says of the past back. */
const age = (room: string, ms: number) => {
  const back = (field: string) => ({ [field]: { $subtract: [`$${field}`, ms] } })
  return db
    .collection<LeaseDoc>('leases')
    .updateOne({ _id: room }, [{ $set: { ...back('expiresAt'), ...back('wantedAt') } }])
}
/** An evanescent room whose conductor a process has taken, and perhaps begun. */
const taken = async (kit: QuizSweeper, { begun }: { begun: boolean }) => {
  const room = await kit.solo()
  const row = await kit.store.leases.claim({ room, epoch: 0, worker: 'w', claim: 'c', host: 'h', mayTakeOver: false })
  const epoch = row?.epoch ?? 0
  const start = { type: 'conductorStarted', epoch, holder: 'w' } as const
  if (begun) await send(kit.process(), room, start, SERVICE)
  return { room, epoch }
}
const ended = async (kit: QuizSweeper, room: string) => (await kit.state(room))?.ended ?? null
const leaseEnds = (kit: QuizSweeper, room: string) =>
  until(async () => (await kit.lease(room))?.status === 'ended', { what: 'the end of the lease' })

describe('the sweep of evanescent rooms without a conductor', () => {
  test('ends one whose conductor is lost: by its log, then its lease', async () => {
    await using kit = await openQuizSweeper(url)
    const { room } = await taken(kit, { begun: true })
    expect(await kit.sweep()).toMatchObject({ lost: 0 })
    await age(room, MINUTE)
    expect(await kit.sweep()).toMatchObject({ lost: 1 })
    expect(await ended(kit, room)).toMatchObject({
      reason: 'conductor-lost',
      returnTo: { to: 'deck', occupants: ['ann'] },
    })
    await leaseEnds(kit, room)
    expect(await kit.metrics.registry.metrics()).toContain('foyer_rooms_reaped_total{reason="conductor-lost"} 1')
    expect(await kit.sweep()).toMatchObject({ lost: 0 })
  })

  test('ends one whose conductor was never taken for NEVER_STARTED_MS, or was taken and never began', async () => {
    await using kit = await openQuizSweeper(url)
    const waiting = await kit.solo()
    const { room } = await taken(kit, { begun: false })
    expect(await kit.sweep()).toMatchObject({ lost: 0 })
    for (const each of [waiting, room]) await age(each, 2 * MINUTE)
    expect(await kit.sweep()).toMatchObject({ lost: 2 })
    for (const each of [waiting, room]) {
      expect(await ended(kit, each)).toMatchObject({ reason: 'never-started' })
      await leaseEnds(kit, each)
    }
  })

  test('ends one that never had a lease, once it is old enough for that', async () => {
    await using kit = await openQuizSweeper(url)
    const old = await kit.solo({ agoMs: 2 * MINUTE, killed: true })
    const young = await kit.solo({ killed: true })
    expect(await kit.sweep()).toMatchObject({ lost: 1 })
    expect(await ended(kit, old)).toMatchObject({ reason: 'never-started' })
    expect(await ended(kit, young)).toBeNull()
  })

  test('leaves a room alone whose conductor came back under a newer epoch', async () => {
    await using kit = await openQuizSweeper(url)
    const { room, epoch } = await taken(kit, { begun: true })
    await age(room, MINUTE)
    const lost = async () => {
      const found = await kit.store.leases.lost({ limit: 10 })
      await kit.store.leases.reclaim({ room, epoch, worker: 'w', claim: 'c', next: 'd' })
      await send(kit.process(), room, { type: 'conductorStarted', epoch: epoch + 1, holder: 'w' }, SERVICE)
      return found
    }
    const worker = kit.worker({ ...kit.store, leases: { ...kit.store.leases, lost } })
    expect(await worker.sweep()).toMatchObject({ lost: 0 })
    expect(await ended(kit, room)).toBeNull()
    expect(await kit.lease(room)).toMatchObject({ status: 'held', epoch: epoch + 1 })
  })

  test('ends the lease of a room that has ended by itself', async () => {
    await using kit = await openQuizSweeper(url)
    const { room, epoch } = await taken(kit, { begun: true })
    await send(
      kit.process({ killed: true }),
      room,
      { type: 'conduct', epoch, step: { type: 'end', reason: 'idle' } },
      SERVICE,
    )
    await age(room, MINUTE)
    expect(await kit.sweep()).toMatchObject({ lost: 0 })
    await leaseEnds(kit, room)
    expect(await ended(kit, room)).toMatchObject({ reason: 'idle' })
  })

  test('waits after an election: holders could not renew either', async () => {
    await using kit = await openQuizSweeper(url)
    const { room } = await taken(kit, { begun: true })
    const unleased = await kit.solo({ agoMs: 2 * MINUTE, killed: true })
    await age(room, MINUTE)
    const worker = kit.worker({ ...kit.store, leases: { ...kit.store.leases, isSettled: () => false } })
    expect(await worker.sweep()).toMatchObject({ lost: 0 })
    for (const each of [room, unleased]) expect(await ended(kit, each)).toBeNull()
  })

  test('is done once by several workers at once', async () => {
    await using kit = await openQuizSweeper(url)
    const rooms = await Promise.all(Array.from({ length: 8 }, () => taken(kit, { begun: true })))
    for (const { room } of rooms) await age(room, MINUTE)
    const workers = Array.from({ length: 3 }, () => kit.worker())
    const swept = await Promise.all(workers.map((worker) => worker.sweep()))
    expect(swept.reduce((sum, { lost }) => sum + lost, 0)).toBe(8)
    for (const { room } of rooms) {
      expect((await kit.events(room)).filter(({ type }) => type === 'room.ended')).toHaveLength(1)
      await leaseEnds(kit, room)
    }
  })
})
