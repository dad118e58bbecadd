import type { ChangeStream, Db } from 'mongodb'
import type { EventDoc } from '../../server/store/docs.ts'
import type { LeaseDoc } from '../../server/store/docs-quiz.ts'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import type { Logged } from '../../shared/log/logged.ts'
import { type Checking, type Line, linesOf, logFaults } from './quiz-checker.ts'

const MAJORITY = { readConcern: { level: 'majority' } } as const

/** A room's log as it stands in the database, folded; a gap or another history is a fault of its own. */
export async function readLines(db: Db, room: string): Promise<{ lines: Line[]; faults: string[] }> {
  const docs = await db.collection<EventDoc>('quizEvents', MAJORITY).find({ room }).sort({ seq: 1 }).toArray()
  const faults: string[] = []
  let before: EventDoc | null = null
  for (const doc of docs) {
    const follows = before === null ? doc.seq === 1 : doc.seq === before.seq + before.n && doc.prev === before._id
    if (!follows) faults.push(`${room}: the document at ${doc.seq} does not follow`)
    before = doc
  }
  const logged = docs.flatMap(({ body, origin }) => {
    const events: Logged<QuizEvent>[] = JSON.parse(body)
    return events.map((event) => ({ command: event.command, node: origin ?? '', epoch: event.epoch ?? null, event }))
  })
  return { lines: linesOf(logged), faults }
}

/** Everything that is wrong with a room's log, in words. */
export async function roomFaults(db: Db, room: string, checking: Checking = {}): Promise<string[]> {
  const { lines, faults } = await readLines(db, room)
  return [...faults, ...logFaults(lines, checking).map((fault) => `${room}: ${fault}`)]
}

/** One change of a lease that touched its epoch, its holder or its status. */
export interface LeaseChange {
  at: number
  room: string
  epoch: number | undefined
  holder: LeaseDoc['holder'] | undefined
  status: LeaseDoc['status'] | undefined
}

/** Records how leases change, from the oplog: nobody who holds or takes one is asked. */
export async function recordLeases(db: Db) {
  const changes: LeaseChange[] = []
  const epochs = new Map<string, number>()
  const holders = new Map<string, LeaseDoc['holder']>()
  const stream: ChangeStream<LeaseDoc> = db.collection<LeaseDoc>('leases').watch([], { maxAwaitTimeMS: 200 })
  let isClosed = false
  /** A holder may be told of in parts: `holder.claim`. */
  const holderOf = (room: string, fields: Record<string, unknown>): LeaseDoc['holder'] | undefined => {
    const parts = Object.entries(fields).filter(([field]) => field === 'holder' || field.startsWith('holder.'))
    if (parts.length === 0) return undefined
    const holder = parts.reduce<LeaseDoc['holder']>(
      (before, [field, value]) =>
        // edge: these are fields of a lease's row
        (field === 'holder' ? value : { ...before, [field.slice('holder.'.length)]: value }) as LeaseDoc['holder'],
      holders.get(room) ?? null,
    )
    holders.set(room, holder)
    return holder
  }
  const changed = (room: string, fields: Partial<LeaseDoc>) => {
    const { epoch, status } = fields
    const holder = holderOf(room, fields)
    const isSame = epoch === epochs.get(room)
    if (epoch !== undefined) epochs.set(room, epoch)
    const isQuiet = (epoch === undefined || isSame) && holder === undefined && status === undefined
    if (!isQuiet) changes.push({ at: performance.now(), room, epoch: isSame ? undefined : epoch, holder, status })
  }
  const reading = (async () => {
    for await (const change of stream) {
      // A pipeline's update may be logged as a replacement of the whole row.
      if (change.operationType === 'insert' || change.operationType === 'replace')
        changed(change.documentKey._id, change.fullDocument)
      else if (change.operationType === 'update')
        changed(change.documentKey._id, change.updateDescription.updatedFields ?? {})
    }
  })().catch((error: unknown) => {
    if (!isClosed) throw error
  })
  // The first resume token comes with the reply that opened it.
  await new Promise<void>((resolve) => stream.once('resumeTokenChanged', () => resolve()))
  return {
    changes,
    of: (room: string) => changes.filter((change) => change.room === room),
    [Symbol.asyncDispose]: async () => {
      isClosed = true
      await stream.close()
      await reading
    },
  }
}

/** I1: the epoch of a room never falls and grows by one. I2: one claim an epoch. */
export function leaseFaults(changes: readonly LeaseChange[]): string[] {
  const rooms = Map.groupBy(changes, ({ room }) => room)
  return [...rooms].flatMap(([room, all]) => {
    let epoch: number | null = null
    let claim: string | null = null
    return all.flatMap((change) => {
      const faults: string[] = []
      if (change.epoch !== undefined && epoch !== null && change.epoch !== epoch + 1)
        faults.push(`${room}: the lease went from epoch ${epoch} to ${change.epoch}`)
      const isNew = change.epoch !== undefined && change.epoch !== epoch
      if (isNew) claim = null
      epoch = change.epoch ?? epoch
      if (change.holder != null && claim !== null && change.holder.claim !== claim)
        faults.push(`${room}: two claims of epoch ${epoch}`)
      if (change.holder != null) claim = change.holder.claim
      return faults
    })
  })
}

/**
 * I8, as far as the log shows it: nothing that a conductor did is later than when its lease became another's. `changes`: all since the
 * rooms began. Times are mongod's in the log and this machine's here.
 */
export async function lateFaults(db: Db, changes: readonly LeaseChange[]): Promise<string[]> {
  const taken = changes.filter(({ epoch, holder }) => epoch !== undefined && holder != null)
  const found = [...Map.groupBy(taken, ({ room }) => room)].map(async ([room, claims]) => {
    const { lines } = await readLines(db, room)
    return lines.flatMap(({ epoch, event, seq }) => {
      if (epoch === null) return []
      const next = claims.find((claim) => (claim.epoch ?? 0) > epoch)
      const isLate = next !== undefined && event.at > performance.timeOrigin + next.at + SKEW_MS
      return isLate ? [`${room}: ${event.type} at ${seq} under epoch ${epoch}, whose lease was another's by then`] : []
    })
  })
  return (await Promise.all(found)).flat()
}
/** Between the clocks of processes on one machine. */
const SKEW_MS = 100
