import { describe, expect, test } from 'bun:test'
import { connect } from '../../../client/connect.ts'
import type { WorkerDoc } from '../../../server/store/docs-quiz.ts'
import { useDatabase } from '../../kit/mongo.ts'
import type { Spawned } from '../../kit/processes.ts'
import { figures, recordEpochs } from '../../kit/quiz-epochs.ts'
import { leaseFaults, recordLeases, roomFaults } from '../../kit/quiz-history.ts'
import { type QuizFleet, startQuizFleet } from '../../kit/quiz-fleet.ts'
import { forgetFormer } from '../../kit/quiz-play.ts'
import { deckFor, type Person, quickly, watch } from '../../kit/quiz.ts'
import { tokenOf } from '../../kit/tokens.ts'
import { until } from '../../kit/until.ts'
import { openQuizKit } from '../../worker/quiz-kit.ts'

const { url, db } = useDatabase(import.meta.path)
const kit = await openQuizKit({ url, db })
const IS_LONG = process.env.LONG === '1'
const SUBSCRIPTIONS = 2_000
const SOCKETS = 40
const ROOMS = IS_LONG ? 2_000 : 300
/** Longer than the fast leases of other tests: while a crowd wakes on two cores, nobody's lease lapses. In the long form as by default. */
const LEASES = IS_LONG
  ? { LEASE_MS: '15000', LEASE_RENEW_MS: '5000', LEASE_OP_MS: '2500', LEASE_GRACE_MS: '2000', LEASE_SCAN_MS: '2000' }
  : { LEASE_MS: '9000', LEASE_RENEW_MS: '3000', LEASE_OP_MS: '2500', LEASE_GRACE_MS: '1000', LEASE_SCAN_MS: '1000' }
/** Of each of two workers. */
const CHILDREN = 2
const say = (text: string) => IS_LONG && process.stderr.write(text)

/** One user, on many devices. */
async function sockets({ servers }: QuizFleet, id: string): Promise<Person[]> {
  const token = await tokenOf(id)
  return Array.from({ length: SOCKETS }, (_, i) => {
    const { url = '' } = servers[i % servers.length] ?? {}
    return { id, client: connect({ url, token, transport: 'websocket' }) }
  })
}

/** What is counted over all processes of workers, of one outcome. */
async function claims(workers: readonly Spawned[], outcome: 'won' | 'lost'): Promise<number> {
  const texts = await Promise.all(workers.map(async (worker) => (await fetch(`${worker.url}/metrics`)).text()))
  const lines = texts.join('\n').split('\n')
  const counted = lines.filter(
    (line) => line.startsWith('foyer_lease_claims_total{') && line.includes(`outcome="${outcome}"`),
  )
  return counted.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

describe('F15: a herd', () => {
  test(`${SUBSCRIPTIONS} subscriptions at once wake a dormant room once`, async () => {
    await forgetFormer(db)
    await using fleet = await startQuizFleet({
      url,
      db,
      servers: 2,
      workers: 2,
      env: { DORMANT_MS: '2000', ...LEASES },
    })
    await using leases = await recordLeases(db)
    await using epochs = await recordEpochs(db)
    const owner = await fleet.person('owner')
    const payload = quickly(await deckFor(db, owner.id), { pace: 'host' })
    const { room } = await owner.client.quiz.host.mutate({ payload })
    {
      using seen = watch(owner, room)
      await seen.until('the room', () => true)
      await epochs.beganAfter(room, 0)
    }
    // As the record has it: the row itself may be ahead of that.
    await until(() => leases.of(room).at(-1)?.status === 'released', { what: 'it sleeps' })
    const { length } = leases.of(room)
    const people = await sockets(fleet, owner.id)
    const from = performance.now()
    const seen = Array.from({ length: SUBSCRIPTIONS }, (_, i) => watch(people[i % SOCKETS] ?? owner, room))
    const { at } = await epochs.beganAfter(room, 1)
    await until(() => seen.every(({ view }) => view?.conductor?.awake === true), {
      what: 'everybody sees that it is awake',
      deadlineMs: 20_000,
    })
    say(`F15: awake after ${Math.round(at - from)} ms, seen by all after ${Math.round(performance.now() - from)} ms\n`)
    expect(at - from).toBeLessThan(IS_LONG ? 2_000 : 5_000)
    expect(epochs.of(room).map(({ epoch }) => epoch)).toEqual([1, null, 2])
    expect(
      leases
        .of(room)
        .slice(length)
        .map(({ status, epoch }) => ({ status, epoch })),
    ).toEqual([
      { status: 'wanted', epoch: undefined },
      { status: 'held', epoch: 2 },
    ])
    expect(leaseFaults(leases.changes)).toEqual([])
    expect(await roomFaults(db, room)).toEqual([])
    for (const one of seen) one[Symbol.dispose]()
  }, 60_000)

  test(`${ROOMS} rooms that wake at once are taken once each, and again when the host of most of them dies`, async () => {
    await forgetFormer(db)
    const env = { WORKER_CHILDREN: `${CHILDREN}`, ...LEASES }
    await using fleet = await startQuizFleet({ url, db, servers: 2, workers: 2, env })
    await using leases = await recordLeases(db)
    await using epochs = await recordEpochs(db)
    const deck = await deckFor(db, 'ann')
    const payload = quickly(deck, { pace: 'host' })
    const rooms = Array.from({ length: ROOMS }, () => crypto.randomUUID())
    const facts = { deck: { id: deck, owner: 'ann', playable: true } }
    for (let i = 0; i < rooms.length; i += 50)
      await Promise.all(
        rooms.slice(i, i + 50).map((room) => kit.send(room, { type: 'createHosted', room, payload, facts })),
      )
    const people = await sockets(fleet, 'ann')
    const ann = await fleet.person('ann')
    const from = performance.now()
    const waking = rooms.map((room) => epochs.beganAfter(room, 0, 60_000))
    const seen = rooms.map((room, i) => watch(people[i % SOCKETS] ?? ann, room))
    const woken = await Promise.all(waking)
    const waits = woken.map(({ at }) => at - from)
    say(figures('F15 wake', waits))
    // Of these rooms: that of the test before may be wanted again by what its servers said last.
    const mine = new Set<string>(rooms)
    const turns = () => epochs.turns.filter(({ room }) => mine.has(room)).length
    expect(turns()).toBe(ROOMS)
    const taken = leases.changes.filter(({ status }) => status === 'held')
    expect(taken.filter(({ room, epoch }) => mine.has(room) && epoch === 1).length).toBe(ROOMS)
    const lost = await claims(fleet.workers, 'lost')
    say(`F15 claims: ${ROOMS} won, ${lost} lost\n`)
    expect(await claims(fleet.workers, 'won')).toBe(taken.length)
    // Each process tries each room once at most.
    expect(lost).toBeLessThan(2 * CHILDREN * ROOMS)

    const rows = await db.collection<WorkerDoc>('workers').find().toArray()
    const hosts = fleet.workers.map((host) => {
      const mine = rows.filter(({ _id }) => host.logs.some((line) => line.includes(_id)))
      return { host, rooms: mine.flatMap(({ _id }) => epochs.heldBy(_id)) }
    })
    // Who takes how many is chance: the one with more dies.
    const [busiest] = hosts.toSorted((a, b) => b.rooms.length - a.rooms.length)
    const { host, rooms: dead = [] } = busiest ?? {}
    expect(dead.length).toBeGreaterThanOrEqual(ROOMS / 2)
    const recovered = epochs.takeovers(dead, 60_000)
    await host?.kill('SIGKILL')
    const times = await recovered
    say(figures('F15 recovery', times))
    expect(times.toSorted((a, b) => a - b)[Math.floor(0.99 * times.length)]).toBeLessThan(IS_LONG ? 35_000 : 20_000)
    expect(turns()).toBe(ROOMS + dead.filter((room) => mine.has(room)).length)
    expect(leaseFaults(leases.changes)).toEqual([])
    for (const one of seen) one[Symbol.dispose]()
    const some = rooms.filter((_, i) => i % 20 === 0)
    expect((await Promise.all(some.map((room) => roomFaults(db, room)))).flat()).toEqual([])
  }, 200_000)
})
