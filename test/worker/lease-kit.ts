import { afterAll } from 'bun:test'
import type { Db } from 'mongodb'
import { connectStore, type Store } from '../../server/store/connect.ts'
import type { LeaseDoc, WorkerDoc } from '../../server/store/docs-quiz.ts'
import { type LeaseStore, leaseStore, type LeaseTimes } from '../../server/store/leases.ts'
import type { QuizKind } from '../../shared/quiz/state.ts'

export const TIMES: LeaseTimes = { leaseMs: 15_000, graceMs: 2_000, opMs: 2_500, neverStartedMs: 60_000 }
export const PERPETUAL: QuizKind = 'GroupPerpetual'
export const EVANESCENT: QuizKind = 'GroupEvanescent'

export interface LeaseKit {
  store: Store
  leases: LeaseStore
  /** A wanted lease of a new room. */
  wanted: (kind?: QuizKind) => Promise<string>
  /** A lease that a worker holds. */
  held: (kind?: QuizKind, worker?: string) => Promise<Claimed>
  row: (room: string) => Promise<LeaseDoc>
  /** Moves what a row says of the past back by so many ms. */
  age: (room: string, ms: number) => Promise<void>
  claim: (room: string, given?: Partial<Parameters<LeaseStore['claim']>[0]>) => Promise<LeaseDoc | null>
  /** The same rows, as one sees them who has just seen an election. */
  unsettled: LeaseStore
}

/** Time passes for mongod alone: what the rows say of the past moves back by so many ms. */
export async function setClockOn(db: Db, ms: number): Promise<void> {
  const back = (...fields: string[]) => [
    { $set: Object.fromEntries(fields.map((field) => [field, { $subtract: [`$${field}`, ms] }])) },
  ]
  await Promise.all([
    db.collection<LeaseDoc>('leases').updateMany({}, back('expiresAt', 'renewedAt', 'wantedAt')),
    db.collection<WorkerDoc>('workers').updateMany({}, back('expiresAt', 'renewedAt')),
  ])
}

export interface Claimed {
  room: string
  epoch: number
  worker: string
  claim: string
}

/** Leases in a database of the file's own. Call it once, at the top. */
export async function openLeases({ url, db }: { url: string; db: Db }): Promise<LeaseKit> {
  const store = await connectStore({ url, appName: 'test', onError: () => {}, leaseTimes: TIMES })
  afterAll(() => store.close())
  const { leases } = store
  const rows = db.collection<LeaseDoc>('leases')
  const row = async (room: string) => {
    const [found] = await leases.ofRooms([room])
    if (found === undefined) throw new Error(`the room ${room} has no lease`)
    return found
  }
  const wanted = async (kind: QuizKind = PERPETUAL) => {
    const room = crypto.randomUUID()
    await leases.want({ room, kind, epoch: 0 })
    return room
  }
  const claim: LeaseKit['claim'] = async (room, given = {}) => {
    const { epoch } = await row(room)
    return leases.claim({
      room,
      epoch,
      worker: 'w1',
      claim: crypto.randomUUID(),
      host: 'h',
      mayTakeOver: true,
      ...given,
    })
  }
  const held = async (kind?: QuizKind, worker = 'w1') => {
    const room = await wanted(kind)
    const taken = await claim(room, { worker, claim: `c ${room}` })
    if (taken === null) throw new Error('the claim was refused')
    return { room, epoch: taken.epoch, worker, claim: `c ${room}` }
  }
  const age = async (room: string, ms: number) => {
    const times = ['aliveSince', 'expiresAt', 'renewedAt', 'wantedAt', 'crash.notBefore']
    const back = times.map((field) => [field, { $subtract: [`$${field}`, ms] }])
    await rows.updateOne({ _id: room }, [{ $set: Object.fromEntries(back) }])
  }
  const unsettled = leaseStore(rows, TIMES, { now: store.clock.now, isSettled: () => false })
  return { store, leases, wanted, held, row, age, claim, unsettled }
}
