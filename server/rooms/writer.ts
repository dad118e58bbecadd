import { RuleError } from '../../shared/rules.ts'
import type { EventDoc } from '../store/docs.ts'
import { advance, remember } from './fold.ts'
import type { RoomParts } from './parts.ts'
import { type Answer, type Plan, type Planning, planOf, repeated } from './plan.ts'
import { type Reader, TRUSTED_MS } from './reader.ts'
import type { Done, Pending, Room } from './room.ts'

/** Thrown by a form that has nothing to send. */
const NOTHING = new Error('nothing to append')
/** How much of an insert's time each process gets that has waited longer (turns.ts): until its document is heard of. */
const TURN_TRIPS = 1.5
/** An insert that took longer than this waited for the database, which says nothing of the next one, ms. */
const LONGEST_TRIP_MS = 50
/** Between two attempts while the database is away, ms. */
const OUTAGE_MS = 100
/** A write that took longer than this from its validation is read back: its slot may have been emptied by retention. */
const VERIFY_MS = 3_600_000

export interface WriterOptions<S extends { seq: number }, C, E> extends Planning<S, C, E> {
  parts: RoomParts
  reader: Reader<S, C, E>
}

/** Appends to logs: one document of a room at a time (room-log.md 5), made of all commands that wait when it departs. */
export function createWriter<S extends { seq: number }, C, E>(options: WriterOptions<S, C, E>) {
  const { parts, reader, duties } = options
  const { log, onConflict, onError, verifyMs = VERIFY_MS } = parts
  /** How long an insert takes, ms, smoothed. */
  let trip = 1

  /** Runs until nobody waits. An outage is waited out: commands have deadlines of their own. */
  const run = async (room: Room<S, C>): Promise<void> => {
    if (room.writing) return
    room.writing = true
    while (room.queue.length > 0) {
      if (room.turns !== null) await room.turns.ours(TURN_TRIPS * trip)
      await turn(room).catch((error: unknown) => recover(room, error))
    }
    room.writing = false
  }

  const recover = async (room: Room<S, C>, error: unknown): Promise<void> => {
    if (error instanceof RuleError) for (const pending of room.queue.splice(0)) pending.fail(error)
    else onError(error)
    room.queue = room.queue.filter(({ over }) => !over)
    if (room.queue.length > 0) await new Promise((go) => setTimeout(go, OUTAGE_MS))
  }

  const turn = async (room: Room<S, C>): Promise<void> => {
    if (room.unsound || room.head === null || performance.now() - room.checkedAt > TRUSTED_MS)
      await reader.freshen(room)
    const sent = await send(room)
    if (sent === null) return
    const { plan, outcome, formed } = sent
    if (outcome.stored && performance.now() - formed > verifyMs && !(await stands(room, plan))) return
    if (outcome.stored) return landed(room, plan, formed)
    onConflict(outcome.lost)
    if (outcome.lost === 'command') await answerRepeats(room, plan)
    else {
      putBack(room, plan)
      // The stream may have brought the winner before we heard that we lost.
      if (room.head === null || room.head.seq <= plan.base.seq) await reader.freshen(room)
    }
  }

  /** Sends what waits; null when that was nothing to append, and everybody was answered or waits for the next turn. */
  const send = async (room: Room<S, C>) => {
    let plan: Plan<S, C> | null = null
    let formed = performance.now()
    const form = (): EventDoc => {
      formed = performance.now()
      plan = planOf(room, options)
      if (plan.doc === null) throw NOTHING
      return plan.doc
    }
    // What a closure assigns, the compiler does not see.
    const planned = (): Plan<S, C> | null => plan
    try {
      const outcome = await log.append(form)
      trip += (Math.min(LONGEST_TRIP_MS, performance.now() - formed) - trip) / 8
      const made = planned()
      return made === null ? null : { plan: made, outcome, formed }
    } catch (error) {
      const made = planned()
      if (made === null) throw error
      if (error === NOTHING) return await answerIdle(room, made)
      // Nothing of it is stored and nothing ever will be: mongod takes no such document, or this process is closing.
      const failure = error instanceof Error ? error : new Error('the document was refused', { cause: error })
      for (const { pending } of [...made.accepted, ...made.idle]) pending.fail(failure)
      return null
    }
  }

  /** Nothing but rejections and repeats: given at once where a tail read began after they came, else after one (room-log.md 4). */
  const answerIdle = async (room: Room<S, C>, { idle }: Plan<S, C>): Promise<null> => {
    const late = idle.filter(({ pending }) => room.checkedAt < pending.arrived)
    giveIdle(
      room,
      idle.filter(({ pending }) => room.checkedAt >= pending.arrived),
    )
    if (late.length === 0) return null
    room.queue.unshift(...late.map(({ pending }) => pending))
    await reader.freshen(room)
    return null
  }

  /**
   * Gives the answers that append nothing. A refusal is one only if the command was not done before, long ago or through another
   * process: what it did then may be why it is refused now. One read of the index tells (room-log.md 9).
   */
  const giveIdle = (room: Room<S, C>, idle: Plan<S, C>['idle']): void => {
    for (const { pending, answer } of idle) if (!(answer instanceof Error)) give(room, pending, answer)
    const refused = idle.filter(({ answer }) => answer instanceof Error)
    if (refused.length > 0) void refuse(room, refused)
  }

  const refuse = async (room: Room<S, C>, refused: Plan<S, C>['idle']): Promise<void> => {
    try {
      const records = await recordsOf(room, refused)
      if (refused.some(({ pending }) => records.has(pending.id))) await reader.freshen(room)
      for (const { pending, answer } of refused)
        give(room, pending, repeated(records.get(pending.id), pending) ?? answer)
    } catch (error) {
      onError(error)
      await new Promise((go) => setTimeout(go, OUTAGE_MS))
      room.queue.push(...refused.map(({ pending }) => pending))
      void run(room)
    }
  }

  /** What the index knows of these commands, by id. */
  const recordsOf = async (room: Room<S, C>, those: readonly { pending: Pending<S, C> }[]) => {
    const records = await log.doneBy({ room: room.id, ids: those.map(({ pending }) => pending.id) })
    return new Map(records.map((record) => [record.id, record]))
  }

  const landed = async (room: Room<S, C>, plan: Plan<S, C>, formed: number): Promise<void> => {
    const { doc, head } = plan
    if (doc === null) return
    // The change stream may have brought it before the reply.
    if (room.head === null || room.head.seq < head.seq) {
      advance(room, head)
      remember(room, doc)
      reader.tell(room, doc)
    }
    room.turns?.wrote()
    room.checkedAt = Math.max(room.checkedAt, formed)
    room.usedAt = performance.now()
    if (doc.duties === true) duties?.committed(doc)
    for (const { pending, done } of plan.accepted) pending.settle(done)
    if (plan.idle.length > 0) giveIdle(room, plan.idle)
  }

  /** Some command of the document was done before: by a repeat that went through another process. The others go on. */
  const answerRepeats = async (room: Room<S, C>, plan: Plan<S, C>): Promise<void> => {
    putBack(room, plan)
    const records = await recordsOf(room, plan.accepted)
    await reader.freshen(room)
    room.queue = room.queue.filter((pending) => {
      const answer = repeated(records.get(pending.id), pending)
      if (answer !== null) give(room, pending, answer)
      return answer === null
    })
  }

  /**
   * Whether what was stored long after it was decided is part of the log; else it stands where others were removed below a snapshot:
   * it is taken out, and decided again. Part of it is what its successor or the snapshot names, and what nothing follows.
   */
  const stands = async (room: Room<S, C>, plan: Plan<S, C>): Promise<boolean> => {
    room.head = null
    await reader.freshen(room)
    const { seq, last } = plan.head
    const next = await log.holding({ room: room.id, seq: seq + 1 })
    const kept = await log.snapshot(room.id)
    const isOpen = next === null && (kept === null || kept.seq < seq)
    if (isOpen || next?.prev === last || (kept?.seq === seq && kept.last === last)) return true
    if (last !== null) await log.remove(last)
    putBack(room, plan)
    return false
  }

  return { run }
}

/** Back to the front, in their order. */
function putBack<S, C>(room: Room<S, C>, { accepted, idle }: Plan<S, C>): void {
  const all: Pending<S, C>[] = [...accepted, ...idle].map(({ pending }) => pending)
  room.queue.unshift(...all.toSorted((a, b) => a.arrived - b.arrived))
}

function give<S, C>(room: Room<S, C>, pending: Pending<S, C>, answer: Answer): void {
  if (answer instanceof Error) return pending.fail(answer)
  const state = room.head?.state ?? null
  if (state === null) return pending.fail(new RuleError('room-gone'))
  const done: Done<S> = { ...answer, state }
  pending.settle(done)
}
