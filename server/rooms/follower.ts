import { governs } from '../../shared/room/decision.ts'
import type { Actor, RoomState } from '../../shared/room/state.ts'
import { type Rule, RuleError } from '../../shared/rules.ts'
import type { EventDoc } from '../store/docs.ts'
import { readable } from './access.ts'
import type { Backlog, Backlogs } from './backlog.ts'
import { type Departure, departureIn, refusalOf } from './departure.ts'
import { eventsFrame, lastOf, snapshotFrame, type SnapshotFrame } from './frames.ts'
import type { End, Item, Source } from './inlet.ts'
import type { Head, Landed, Watcher } from './room.ts'

export interface FollowerOptions {
  room: string
  viewer: Actor
  /** The version after which to begin; null: all of the room first. */
  after: number | null
  backlogs: Backlogs
  /** Attaches the watcher, and reads the log's end after that. */
  watch: (watcher: Watcher<RoomState>) => Promise<{ head: Head<RoomState> } & Disposable>
  /** Some of the documents from an event on, at least one; null: it is not kept any more. */
  page: (from: number) => Promise<EventDoc[] | null>
  /** There may be something to take. */
  mark: (source: Source) => void
  /** The viewer may read the room. */
  begun: () => void
  /** A document is on its way to the subscriber right after it landed; `at` is the document's. */
  delivered: (at: Date) => void
}

/**
 * Where a follower is. `snapshot`: all of the room comes next. `replay`: the log is read page by page, for a subscriber who asked
 * for each event. `live`: what lands is queued. `over`: nothing comes any more.
 */
type Phase = 'opening' | 'snapshot' | 'replay' | 'live' | 'over'

/**
 * One room as one subscriber follows it: exactly the events after a version, each once and in order, or one snapshot where that
 * cannot be (room-log.md 16, 17). What lands is authorised at once, and taken when the subscriber has read what it was sent.
 */
export class Follower implements Source, Watcher<RoomState> {
  readonly #options: FollowerOptions
  readonly #backlog: Backlog
  #phase: Phase = 'opening'
  #why: SnapshotFrame['why'] = 'start'
  /** The newest state, and the newest version that is known; the version up to which the subscriber was told. */
  #head: RoomState | null = null
  #known = 0
  #sent = 0
  /** `_id` of the last document of the page before. */
  #lastRead: string | null = null
  #departure: Departure | null = null
  #failure: { error: unknown } | null = null
  #watch: Disposable | null = null
  /** The tombstone was sent. */
  #isTold = false
  #isClosed = false

  constructor(options: FollowerOptions) {
    this.#options = options
    this.#backlog = options.backlogs.open(() => this.#collapse())
    void this.#open()
  }

  async #open(): Promise<void> {
    const { watch, viewer, mark, begun } = this.#options
    try {
      const watched = await watch(this)
      this.#watch = watched
      if (this.#isClosed) return watched[Symbol.dispose]()
      const { state } = watched.head
      // Documents may land between the read and here.
      const newest = this.#head !== null && this.#head.seq > (state?.seq ?? 0) ? this.#head : state
      this.#begin(readable(newest, viewer))
      mark(this)
      begun()
    } catch (error) {
      this.#failure = { error }
      mark(this)
    }
  }

  #begin(state: RoomState): void {
    const { after, viewer } = this.#options
    this.#head = state
    this.#known = state.seq
    this.#sent = after ?? state.seq
    if (state.deleted !== null) this.#departure = { rule: 'room-gone', upTo: state.seq }
    if (after === null || after > state.seq) this.#snapshotNext(after === null ? 'start' : 'resync')
    else this.#phase = after < state.seq ? 'replay' : 'live'
    // Who was in a room that is gone cannot be told any more, and its events are not for everybody.
    if (state.deleted !== null && !governs(state, viewer)) this.#snapshotNext('deleted')
  }

  landed(landed: Landed<RoomState>): void {
    const { doc, state } = landed
    const before = this.#head
    const isOld = lastOf(doc) <= this.#known || this.#departure !== null
    if (this.#phase === 'opening') this.#head = state
    if (this.#phase === 'opening' || this.#phase === 'over' || isOld || before === null) return
    if (doc.seq !== this.#known + 1) return this.reset({ state, seq: lastOf(doc), last: doc._id })
    this.#known = lastOf(doc)
    this.#head = state
    this.#departure = departureIn(landed, before, this.#options.viewer)
    if (this.#phase !== 'snapshot') this.#backlog.push(doc)
    this.#options.mark(this)
  }

  /** What came between is in the log; whether the viewer was allowed to see all of it is not known, only whether it is now. */
  reset({ state }: Head<RoomState>): void {
    if (this.#phase === 'opening') this.#head = state ?? this.#head
    if (this.#phase === 'opening' || this.#phase === 'over' || this.#departure !== null) return
    if (state === null || state.seq <= this.#known) return
    this.#known = state.seq
    this.#head = state
    const rule = refusalOf(state, this.#options.viewer)
    if (rule !== null) this.#departure = { rule, upTo: rule === 'room-gone' ? state.seq : this.#sent }
    if (this.#phase === 'live') this.#phase = 'replay'
    this.#backlog.clear()
    this.#options.mark(this)
  }

  next(): Promise<Item | null> | Item | null {
    if (this.#failure !== null) return this.#failed(this.#failure.error)
    if (this.#departure !== null && this.#sent >= this.#departure.upTo) return this.#depart(this.#departure)
    if (this.#phase === 'snapshot') return this.#departure === null ? this.#snapshot() : this.#depart(this.#departure)
    if (this.#phase === 'replay') return this.#replay()
    return this.#phase === 'live' ? this.#live() : null
  }

  #snapshot(): Item | null {
    if (this.#head === null) return null
    this.#phase = 'live'
    this.#sent = this.#known
    return snapshotFrame(this.#head, this.#options.viewer, this.#why)
  }

  #live(): Item | null {
    const docs = this.#backlog.take()
    const frame = eventsFrame(docs, { after: this.#sent, upTo: this.#wanted() })
    this.#sent = frame?.version ?? this.#sent
    for (const { at } of docs) this.#options.delivered(at)
    return frame
  }

  async #replay(): Promise<Item | null> {
    const page = await this.#options.page(this.#sent + 1)
    // Much may have landed meanwhile: also what ends it.
    if (this.#phase !== 'replay' || this.#wanted() <= this.#sent) return this.next()
    const frame = this.#follows(page) ? eventsFrame(page, { after: this.#sent, upTo: this.#wanted() }) : null
    if (frame === null || page === null) {
      this.#snapshotNext('resync')
      return this.next()
    }
    this.#sent = frame.version
    this.#lastRead = page.find((doc) => lastOf(doc) === frame.version)?._id ?? null
    this.#backlog.drop(frame.version)
    const { first } = this.#backlog
    if (first === undefined ? this.#sent >= this.#known : first.seq <= this.#sent + 1) this.#phase = 'live'
    return frame
  }

  /** Whether a page goes on where the one before it ended (room-log.md 2). */
  #follows(page: EventDoc[] | null): page is EventDoc[] {
    const first = page?.[0]
    if (first === undefined) return false
    return this.#lastRead === null || first.seq !== this.#sent + 1 || first.prev === this.#lastRead
  }

  /** The last version that the subscriber is to be told event by event, as far as is known. */
  #wanted = () => Math.min(this.#known, this.#departure?.upTo ?? this.#known)

  /** The queue is over its bound. Who is still in the past reads the log anyway. */
  #collapse(): void {
    if (this.#phase === 'live') this.#snapshotNext('slow')
    else this.#backlog.clear()
  }

  #snapshotNext(why: SnapshotFrame['why']): void {
    this.#phase = 'snapshot'
    this.#why = why
    this.#backlog.clear()
  }

  /** The tombstone of a room that was deleted, then the end. */
  #depart({ rule }: Departure): Item {
    if (rule === 'room-gone' && this.#head !== null && !this.#isTold) {
      this.#isTold = true
      this.#sent = this.#known
      return snapshotFrame(this.#head, this.#options.viewer, 'deleted')
    }
    return this.#over(rule)
  }

  #failed(error: unknown): Item {
    this.#failure = null
    if (!(error instanceof RuleError)) throw error
    return this.#over(error.rule)
  }

  #over(rule: Rule): End {
    this.#phase = 'over'
    this.#departure = null
    this.#backlog.clear()
    return { kind: 'end', room: this.#options.room, rule, told: this.#isTold }
  }

  [Symbol.dispose](): void {
    this.#isClosed = true
    this.#phase = 'over'
    this.#watch?.[Symbol.dispose]()
    this.#options.backlogs.close(this.#backlog)
  }
}
