import { beforeEach, describe, expect, test } from 'bun:test'
import type { Store } from '../../server/store/connect.ts'
import type { WorkerDoc } from '../../server/store/docs-quiz.ts'
import type { LeaseStore } from '../../server/store/leases.ts'
import { createStrays } from '../../worker/conduct/strays.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startTcpProxy } from '../kit/tcp-proxy.ts'
import { until } from '../kit/until.ts'
import { CARDS, isType, openConducting } from './conduct-kit.ts'

const database = useDatabase(import.meta.path)
const kit = await openConducting(database)
beforeEach(() => database.db.collection('leases').deleteMany({}))
const [host = '', port = ''] = String((await database.db.command({ hello: 1 })).primary).split(':')
const target = { host, port: Number(port) }

/** A store whose leases differ in some operation. */
const withLeases = (change: (leases: LeaseStore) => Partial<LeaseStore>) => {
  return (store: Store): Store => ({ ...store, leases: { ...store.leases, ...change(store.leases) } })
}
const begun = async (room: string) => (await kit.lines(room)).filter(isType('conductor.started'))
const waiting = (holds: () => boolean) => until(holds, { what: 'it', deadlineMs: 15_000 })

describe('a process that loses its database', () => {
  test('stands still when its lease is over, and goes on with an evanescent room under the next epoch', async () => {
    await using proxy = await startTcpProxy(target)
    const at = `mongodb://127.0.0.1:${proxy.port}/${database.db.databaseName}?directConnection=true`
    const process = await kit.start({}, { at })
    const room = await kit.make('solo', { questionMs: 1_000 })
    await until(async () => (await kit.lines(room)).some(isType('question.opened')), { what: 'a question' })
    proxy.aim(null)
    proxy.cutAll()
    const metrics = async () => (await process.metrics()).includes('foyer_self_fences_total 1')
    await until(metrics, { what: 'it stands still', deadlineMs: 15_000 })
    await kit.expire(room)
    const { length } = await kit.lines(room)
    expect(process.conductors.size()).toBe(1)
    proxy.aim(target)
    await until(async () => (await kit.state(room)).ended !== null, { what: 'the end', deadlineMs: 20_000 })
    expect((await kit.state(room)).ended).toMatchObject({ reason: 'finished' })
    expect((await begun(room)).map(({ epoch }) => epoch)).toEqual([1, 2])
    const lines = await kit.lines(room)
    expect(lines.length).toBeGreaterThan(length)
    expect(lines.filter(isType('question.revealed')).map(({ question }) => question)).toEqual(CARDS.map((_, i) => i))
    await process.conductors.stop()
  })
})

describe('a process that is told that it was lost', () => {
  test('looks at each of its leases, though the first look fails', async () => {
    let fails = 0
    const over = withLeases((leases) => ({
      renew: (given) => {
        if (given.rooms.length === 0 || fails++ > 0) return leases.renew(given)
        return Promise.reject(new Error('no reply'))
      },
    }))
    const process = await kit.start({}, { over })
    const room = await kit.make('group', { pace: 'host' })
    await until(async () => (await begun(room)).length === 1, { what: 'the conductor' })
    // Others found it lost, and one of them has its room.
    const { holder } = (await kit.lease(room)) ?? {}
    await kit.expire(room)
    const taken = { room, epoch: 1, worker: 'other', claim: 'c', host: 'h', mayTakeOver: true }
    expect(await process.store.leases.claim(taken)).toMatchObject({ epoch: 2 })
    const _id = holder?.worker ?? ''
    await database.db.collection<WorkerDoc>('workers').updateOne({ _id }, { $set: { lost: true } })
    // Sooner than it would look by itself.
    await until(() => process.conductors.size() === 0, { what: 'it drops the room', deadlineMs: 4_000 })
    expect(fails).toBeGreaterThan(1)
    await process.conductors.stop()
  })
})

describe('a claim whose reply is lost', () => {
  test('is found by its id', async () => {
    const over = withLeases((leases) => ({
      claim: async (given) => {
        await leases.claim(given)
        throw new Error('the reply is lost')
      },
    }))
    const process = await kit.start({}, { over })
    const room = await kit.make('group', { pace: 'host' })
    await until(async () => (await begun(room)).length === 1, { what: 'the conductor' })
    expect(await kit.lease(room)).toMatchObject({ status: 'held', epoch: 1 })
    await process.conductors.stop()
  })

  test('is undone by its id where it cannot be read back, so that another takes the room soon', async () => {
    const never = () => Promise.reject(new Error('no reply'))
    const over = withLeases((leases) => ({
      claim: (given) => leases.claim(given).then(never),
      readBack: never,
    }))
    const process = await kit.start({}, { over, capacity: 1 })
    const room = await kit.make('group', { pace: 'host' })
    await until(async () => ((await kit.lease(room))?.epoch ?? 0) >= 2, { what: 'the claim undone' })
    expect(await begun(room)).toEqual([])
    const other = await kit.start()
    await until(async () => (await begun(room)).length === 1, { what: 'the conductor', deadlineMs: 10_000 })
    await process.conductors.stop()
    await other.conductors.stop()
  })
})

describe('a lease that stands as held by a process that conducts nothing there', () => {
  test('since the claim came through after it was read back, is undone by its id', async () => {
    const outcome = Promise.withResolvers<unknown>()
    let claims = 0
    const over = withLeases((leases) => ({
      claim: async (given) => {
        if (++claims > 1) return outcome.promise.then(() => leases.claim(given))
        // Read back at once, it is not there yet.
        setTimeout(() => outcome.resolve(leases.claim(given)), 500)
        throw new Error('no reply')
      },
    }))
    const process = await kit.start({}, { over })
    const room = await kit.make('group', { pace: 'host' })
    expect(await outcome.promise).toMatchObject({ status: 'held', epoch: 1 })
    await until(async () => (await begun(room)).length === 1, { what: 'the conductor' })
    // Undone under an epoch of its own.
    expect(await begun(room)).toMatchObject([{ epoch: 3 }])
    await process.conductors.stop()
  })

  test('since its release was lost, is given back by two looks, one lease apart: its row lives for twelve', async () => {
    let releases = 0
    const over = withLeases((leases) => ({
      release: (given) => (++releases === 1 ? Promise.reject(new Error('no reply')) : leases.release(given)),
    }))
    const process = await kit.start({ DORMANT_MS: 100 }, { over })
    const room = await kit.make('group', { pace: 'host' })
    await until(() => releases === 1, { what: 'it falls asleep' })
    expect(await kit.lease(room)).toMatchObject({ status: 'held', epoch: 1 })
    await until(async () => (await kit.lease(room))?.status === 'released', { what: 'the release', deadlineMs: 20_000 })
    expect((await kit.lease(room))?.epoch).toBe(2)
    await process.conductors.stop()
  })

  test('is left alone by one look, and where it is known, or was given up to run out', async () => {
    const process = await kit.start({}, { capacity: 0 })
    const { leases } = process.store
    const worker = 'mine'
    const [stray, known, failed] = [await kit.make('group'), await kit.make('group'), await kit.make('group')]
    const claim = (room: string, epoch: number) =>
      leases.claim({ room, epoch, worker, claim: crypto.randomUUID(), host: 'h', mayTakeOver: true })
    for (const room of [stray, known, failed]) expect(await claim(room, 0)).toMatchObject({ epoch: 1 })
    await leases.gaveUp({ room: failed, epoch: 1, worker })
    const look = createStrays({ leases, worker, isKnown: (room) => room === known })
    const held = async () => {
      const rows = await leases.ofRooms([stray, known, failed])
      return rows.filter(({ status }) => status === 'held').map(({ _id }) => _id)
    }
    await look()
    expect((await held()).toSorted()).toEqual([stray, known, failed].toSorted())
    await look()
    expect((await held()).toSorted()).toEqual([known, failed].toSorted())
    // Under another epoch it is another one.
    expect(await claim(stray, 1)).toMatchObject({ epoch: 2 })
    await look()
    expect(await held()).toContain(stray)
    await process.conductors.stop()
  })
})

describe('a process without a row, by which it would be found lost', () => {
  test('takes nothing before it has one', async () => {
    const there = Promise.withResolvers<void>()
    const over = (store: Store): Store => ({
      ...store,
      workers: { ...store.workers, enroll: (given) => there.promise.then(() => store.workers.enroll(given)) },
    })
    const first = await kit.start({}, { over })
    const rooms = await Promise.all(Array.from({ length: 10 }, () => kit.make('group', { pace: 'host' })))
    const second = await kit.start()
    await waiting(() => second.conductors.size() === rooms.length)
    expect(first.conductors.size()).toBe(0)
    there.resolve()
    await second.conductors.stop()
    await waiting(() => first.conductors.size() === rooms.length)
    await first.conductors.stop()
  })

  test('keeps it at its end where a lease of it could not be given back', async () => {
    const over = withLeases(() => ({ release: () => Promise.reject(new Error('no reply')) }))
    const process = await kit.start({}, { over })
    const room = await kit.make('group', { pace: 'host' })
    await until(async () => (await begun(room)).length === 1, { what: 'the conductor' })
    const _id = (await kit.lease(room))?.holder?.worker ?? ''
    await process.conductors.stop()
    const rows = database.db.collection<WorkerDoc>('workers')
    expect(await rows.findOne({ _id })).not.toBeNull()
    const other = await kit.start()
    const its = await until(async () => rows.findOne({ _id: { $ne: _id }, lost: { $exists: false } }), { what: 'it' })
    await other.conductors.stop()
    expect(await rows.findOne({ _id: its._id })).toBeNull()
  })
})

describe('a conductor that is stuck', () => {
  test('loses its room to another process, while the others of its process keep theirs', async () => {
    let isStuck = true
    const first = await kit.start({}, { cards: () => (isStuck ? new Promise(() => {}) : Promise.resolve(CARDS)) })
    const stuck = await kit.make('group', { questionMs: 1_000 })
    await until(async () => (await begun(stuck)).length === 1, { what: 'the conductor' })
    const well = await kit.make('group', { pace: 'host' })
    await until(async () => (await begun(well)).length === 1, { what: 'the other conductor' })
    const second = await kit.start()
    await waiting(() => second.conductors.rooms().includes(stuck))
    await until(async () => (await kit.lines(stuck)).some(isType('question.revealed')), { what: 'a reveal' })
    expect(second.conductors.rooms()).toEqual([stuck])
    await waiting(() => first.conductors.size() === 1)
    expect(first.conductors.rooms()).toEqual([well])
    expect((await begun(well)).map(({ epoch }) => epoch)).toEqual([1])
    isStuck = false
    await first.conductors.stop()
    await second.conductors.stop()
  })

  test('of a log that does not fold is tried ever less often, and that is seen', async () => {
    const process = await kit.start()
    const room = crypto.randomUUID()
    const doc = {
      _id: room,
      room,
      seq: 2,
      n: 1,
      prev: null,
      at: new Date(),
      body: '[{"type":"nonsense"}]',
      origin: 'x',
    }
    await database.db.collection<typeof doc>('quizEvents').insertOne(doc)
    await kit.leases.want({ room, kind: 'GroupPerpetual', epoch: 0 })
    for (const epoch of [1, 2, 3]) {
      await until(async () => (await kit.lease(room))?.epoch === epoch, { what: `epoch ${epoch}` })
      await until(async () => (await kit.lease(room))?.aliveSince === null, { what: 'it gives up' })
      await kit.expire(room)
    }
    await until(async () => (await kit.lease(room))?.status === 'failed', { what: 'the failure' })
    expect((await kit.lease(room))?.crash).toMatchObject({ count: 3 })
    await process.conductors.stop()
  })
})
