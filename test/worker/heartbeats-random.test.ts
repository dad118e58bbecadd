import { expect, test } from 'bun:test'
import type { LeaseDoc, WorkerDoc } from '../../server/store/docs-quiz.ts'
import { leaseStore } from '../../server/store/leases.ts'
import { workerStore } from '../../server/store/workers.ts'
import { useDatabase } from '../kit/mongo.ts'
import { Random } from '../room/random.ts'
import { openLeases, setClockOn, TIMES } from './lease-kit.ts'

const { url, db } = useDatabase(import.meta.path)
const { store, wanted } = await openLeases({ url, db })
const rows = db.collection<LeaseDoc>('leases')
const processes = db.collection<WorkerDoc>('workers')
const times = { ...TIMES, rowMs: 4 * TIMES.leaseMs }
const workers = workerStore(processes, times)
const world = { now: store.clock.now, isSettled: () => true, findLost: workers.findLost }
const leases = leaseStore(rows, times, world)
const ROUNDS = process.env.LONG === '1' ? 5_000 : 300
/** Fewer: each look goes through all that died within the last leases, and here no time passes. */
const DEATHS = Math.min(ROUNDS / 5, 200)
const MOST_MS = 300_000
/** After how long without a heartbeat a holder stands still (worker/conduct/run.ts), ms. */
const DEADLINE_MS = (TIMES.leaseMs * 2) / 3

let passedMs = 0
/** Real time, and what the rows were moved by. */
const mono = () => performance.now() + passedMs
const pass = (ms: number): Promise<void> => {
  passedMs += ms
  return jump(ms)
}
/** mongod's clock is set on, and nobody else's. */
const jump = (ms: number) => setClockOn(db, ms)

interface Belief {
  epoch: number
  claim: string
  /** When the heartbeat, claim or look was sent that it follows from. */
  at: number
  rowAt: number
}

/** How a process keeps its leases; controls have it otherwise. */
interface Ways {
  deadlineMs: number
  /** Who was lost looks at all of its rows, however long that takes. */
  looks: boolean
}
const RIGHT: Ways = { deadlineMs: DEADLINE_MS, looks: true }

/** A process as worker/conduct/holds.ts has it; what it hears may be lost on the way. */
class Holder {
  readonly worker = crypto.randomUUID()
  readonly held = new Map<string, Belief>()

  constructor(
    readonly random: Random,
    readonly ways: Ways,
  ) {}

  enroll = () => workers.enroll({ worker: this.worker, host: 'h', pid: 1, supervisor: 's' })

  async beat(isHeard: boolean): Promise<void> {
    const { worker, held, ways } = this
    const sent = mono()
    const isLate = ({ at }: Belief) => sent - at > ways.deadlineMs
    const [late, well] = [[...held].filter(([, one]) => isLate(one)), [...held].filter(([, one]) => !isLate(one))]
    const inTime = await workers.renew({ worker, load: held.size, draining: false })
    if (!inTime) {
      if (ways.looks) for (const one of held.values()) one.rowAt = Number.NEGATIVE_INFINITY
      await this.enroll()
    }
    if (!isHeard) return
    const due = well.filter(([, { rowAt }]) => sent - rowAt >= leases.rowDueMs)
    const kept = await leases.renew({ worker, rooms: due.map(([room]) => room) })
    for (const [, one] of due) one.rowAt = sent
    for (const [room, one] of well) if (!kept.lost.includes(room) && !kept.expired.includes(room)) one.at = sent
    for (const room of kept.lost) held.delete(room)
    const again = new Set([...late.map(([room]) => room), ...kept.expired])
    await Promise.all([...again].map((room) => this.reclaim(room)))
  }

  async reclaim(room: string): Promise<void> {
    const { worker, held } = this
    const [old, next, at] = [held.get(room), crypto.randomUUID(), mono()]
    if (old === undefined) return
    const row = await leases.reclaim({ room, epoch: old.epoch, worker, claim: old.claim, next })
    if (row === null) held.delete(room)
    else held.set(room, { epoch: row.epoch, claim: next, at, rowAt: at })
  }

  async take(): Promise<void> {
    const { worker, random } = this
    const found = await leases.candidates({ limit: 20 })
    for (const { room, epoch } of found.filter(() => random.chance(0.6))) {
      const [claim, at] = [crypto.randomUUID(), mono()]
      const row = await leases.claim({ room, epoch, worker, claim, host: 'h', mayTakeOver: true })
      if (row !== null) this.held.set(room, { epoch: row.epoch, claim, at, rowAt: at })
    }
  }

  /** Rooms that it acts in though another has them by now. */
  async wrong(): Promise<string[]> {
    const sure = [...this.held].filter(([, { at }]) => mono() - at < this.ways.deadlineMs)
    const found = await leases.ofRooms(sure.map(([room]) => room))
    const claims = new Map(found.map(({ _id, holder }) => [_id, holder?.claim]))
    return sure.filter(([room, { claim }]) => claims.get(room) !== claim).map(([room]) => room)
  }
}

async function openPlay(seed: number, ways: Ways) {
  await Promise.all([rows.deleteMany({}), processes.deleteMany({})])
  const random = new Random(seed)
  const holders = Array.from({ length: 3 }, () => new Holder(random, ways))
  await Promise.all(holders.map((holder) => holder.enroll()))
  for (let i = 0; i < 6; i++) await wanted()
  return { random, holders, wrong: async () => (await Promise.all(holders.map((holder) => holder.wrong()))).flat() }
}
/** The crash guard is another test's. */
const forgive = () => rows.updateMany({}, { $set: { 'crash.count': 0, 'crash.notBefore': null } })

/** Random heartbeats, silences, lost replies and claims: who was sure of what another had, at any time. */
async function plays(seed: number, ways: Ways) {
  const { random, holders, wrong } = await openPlay(seed, ways)
  const found: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    if (random.chance(0.4)) await pass(random.of([1_000, 4_000, 4_000, 6_000, 9_000, 18_000]))
    const acting = holders.filter(() => random.chance(0.6))
    await Promise.all(acting.map((one) => (random.chance(0.6) ? one.beat(random.chance(0.7)) : one.take())))
    found.push(...(await wrong()))
    await forgive()
  }
  const epochs = (await rows.find().toArray()).map(({ epoch }) => epoch)
  return { found, epochs: Math.max(...epochs) }
}

for (const seed of [1, 2, 3])
  test(
    `nobody is sure of a lease that another has, whatever becomes of heartbeats (${seed})`,
    async () => {
      const { found, epochs } = await plays(seed, RIGHT)
      expect(found).toEqual([])
      expect(epochs).toBeGreaterThan(10)
    },
    MOST_MS,
  )

test(
  'control: who stands still too late is',
  async () => {
    const { found } = await plays(1, { ...RIGHT, deadlineMs: 2 * TIMES.leaseMs })
    expect(found.length).toBeGreaterThan(0)
  },
  MOST_MS,
)

/** mongod's clock is set on by more than a lease, again and again: who is sure of what another has, once all were heard. */
async function jumps(ways: Ways): Promise<string[]> {
  const { random, holders, wrong } = await openPlay(4, ways)
  const found: string[] = []
  for (let round = 0; round < ROUNDS / 10; round++) {
    for (const one of holders) await one.take()
    await jump(20_000)
    for (const one of holders.filter(() => random.chance(0.5))) await one.take()
    for (const one of holders) await one.beat(random.chance(0.5))
    for (const one of holders) await one.beat(true)
    found.push(...(await wrong()))
    await forgive()
  }
  return found
}

test(
  'who was lost since the clock of mongod was set on looks at its rows, though the reply that told so was lost',
  async () => {
    expect(await jumps(RIGHT)).toEqual([])
  },
  MOST_MS,
)

test(
  'control: who does not look goes on in rooms that are another`s',
  async () => {
    expect((await jumps({ ...RIGHT, looks: false })).length).toBeGreaterThan(0)
  },
  MOST_MS,
)

/** Processes die again and again, some with a claim under way: the rooms that are free once all the others are silent. */
async function deaths(bury: (worker: string) => Promise<void>): Promise<{ free: number; late: number }> {
  const { random, holders, wrong } = await openPlay(5, RIGHT)
  const release = async (worker: string) => {
    await bury(worker)
    await leases.releaseAll({ worker })
  }
  let late = 0
  for (let round = 0; round < DEATHS; round++) {
    for (const one of holders) await (random.chance(0.5) ? one.beat(true) : one.take())
    const heir = new Holder(random, RIGHT)
    const [dead = heir] = holders.splice(random.below(holders.length), 1, heir)
    await release(dead.worker)
    if (random.chance(0.5)) await dead.take()
    late += await rows.countDocuments({ 'holder.worker': dead.worker, status: 'held' })
    await heir.enroll()
    expect(await wrong()).toEqual([])
    await forgive()
  }
  await pass(TIMES.leaseMs + TIMES.graceMs + 100)
  return { free: (await leases.candidates({ limit: 20 })).length, late }
}

test(
  'what a process takes that is dead by then is free after one lease',
  async () => {
    const { free, late } = await deaths(workers.lose)
    expect(late).toBeGreaterThan(5)
    expect(free).toBe(6)
  },
  MOST_MS,
)

test(
  'control: without its row it is not',
  async () => {
    expect((await deaths(workers.leave)).free).toBeLessThan(6)
  },
  MOST_MS,
)
