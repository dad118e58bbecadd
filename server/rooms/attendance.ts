import type { Json } from '../../shared/json.ts'
import type { Presence } from '../../shared/room/schema.ts'
import type { RoomState } from '../../shared/room/state.ts'
import { mayRead } from '../../shared/room/view.ts'
import type { PresenceDoc } from '../store/docs.ts'
import type { Head, Landed, Watcher } from './room.ts'

/** Connections of one user that are shown in a room: past it the one that was silent for longest is gone. */
const MOST_CONNS = 16
/** A load that failed is tried again after this, ms. */
const RETRY_MS = 1_000
/** What `state` is of a connection that is gone. */
const GONE = 'null'

export interface AttendanceOptions {
  /** Attaches the watcher, and reads the room after that. */
  watch: (watcher: Watcher<RoomState>) => Promise<{ head: Head<RoomState> } & Disposable>
  /** The newest entry of each connection that may still count. */
  load: () => Promise<PresenceDoc[]>
  /** mongod's time, ms. */
  now: () => number
  expiryMs: number
  onError: (error: unknown) => void
}

/** Hears of the connections whose entries have changed. */
export type AttendanceListener = (changed: readonly Presence[]) => void

interface Entry extends Presence {
  /** The state as JSON text, to see whether a renewal changes it. */
  text: string
}

/** A connection's id has no space, a user's may. */
const keyOf = ({ user, conn }: Pick<Presence, 'user' | 'conn'>) => `${conn} ${user}`

/**
 * Who is present in one room, as far as it may be read by them: kept while somebody watches. The newest entry of a connection
 * counts, until it expires by mongod's clock; TTL only sweeps. An entry that is gone stays until then, so that an older one
 * that comes late does not bring it back.
 */
export class Attendance implements Watcher<RoomState>, Disposable {
  readonly #options: AttendanceOptions
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Set<AttendanceListener>()
  #state: RoomState | null = null
  #watch: Disposable | null = null
  /** What came before the first load was through; null afterwards. */
  #early: PresenceDoc[] | null = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(options: AttendanceOptions) {
    this.#options = options
    void this.load()
  }

  get listeners(): number {
    return this.#listeners.size
  }

  /** Who is present now; null while that is not known yet. */
  present(): Presence[] | null {
    if (this.#early !== null) return null
    return [...this.#entries.values()].filter(({ text }) => text !== GONE).map(shown)
  }

  listen(listener: AttendanceListener): void {
    this.#listeners.add(listener)
  }
  unlisten(listener: AttendanceListener): void {
    this.#listeners.delete(listener)
  }

  /** Reads what is stored: at the start, and when the stream may have missed something. */
  async load(): Promise<void> {
    try {
      if (this.#watch === null) {
        const watched = await this.#options.watch(this)
        if (this.#isClosed) return watched[Symbol.dispose]()
        this.#watch = watched
        if (watched.head.state !== null && watched.head.seq >= (this.#state?.seq ?? 0)) this.#state = watched.head.state
      }
      const stored = await this.#options.load()
      const all = [...stored, ...(this.#early ?? [])]
      this.#early = null
      const changed = all.flatMap((doc) => this.#take(doc))
      // Also if it is nothing: those who wait for the first load hear that it is there.
      for (const listener of this.#listeners) listener(changed)
    } catch (error) {
      if (this.#isClosed) return
      this.#options.onError(error)
      setTimeout(() => this.#isClosed || void this.load(), RETRY_MS).unref()
    }
  }

  /** An entry from this process or the change stream. */
  apply(doc: PresenceDoc): void {
    if (this.#early !== null) this.#early.push(doc)
    else this.#tell(this.#take(doc))
  }

  landed({ doc, state }: Landed<RoomState>): void {
    this.#state = state
    const users = state.deleted === null ? new Set(doc.users) : null
    if (users === null || users.size > 0) this.#tell(this.#dismiss((user) => users === null || users.has(user)))
  }

  reset({ state }: Head<RoomState>): void {
    this.#state = state
    this.#tell(this.#dismiss(() => true))
  }

  #take(doc: PresenceDoc): Presence[] {
    const at = doc.at.getTime()
    const key = keyOf(doc)
    const before = this.#entries.get(key)
    if (at + this.#options.expiryMs <= this.#options.now() || (before !== undefined && before.at > at)) return []
    const text = this.#mayBePresent(doc.user) ? doc.state : GONE
    // edge: the text was made from JSON that the input's schema let in.
    const entry: Entry = { user: doc.user, conn: doc.conn, state: JSON.parse(text) as Json, at, text }
    // Behind the others: the map is in the order of renewal.
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    this.#arm(at)
    const changed = text === (before?.text ?? GONE) ? [] : [shown(entry)]
    return before === undefined ? [...changed, ...this.#crowd(doc.user)] : changed
  }

  #crowd(user: string): Presence[] {
    const own = [...this.#entries.values()].filter((entry) => entry.user === user && entry.text !== GONE)
    return own.slice(0, Math.max(0, own.length - MOST_CONNS)).map((entry) => this.#end(entry))
  }

  /** Takes out who may not read the room any more. */
  #dismiss(concerns: (user: string) => boolean): Presence[] {
    const here = [...this.#entries.values()].filter(({ user, text }) => text !== GONE && concerns(user))
    return here.filter(({ user }) => !this.#mayBePresent(user)).map((entry) => this.#end(entry))
  }

  #end(entry: Entry): Presence {
    Object.assign(entry, { state: null, text: GONE })
    return shown(entry)
  }

  /** A service shows only whom the room would show anyway. */
  #mayBePresent(user: string): boolean {
    const state = this.#state
    return state !== null && state.deleted === null && mayRead(state, { user, service: false }) === null
  }

  #tell(changed: readonly Presence[]): void {
    if (changed.length > 0) for (const listener of this.#listeners) listener(changed)
  }

  #arm(at: number): void {
    if (this.#timer !== undefined || this.#isClosed) return
    this.#timer = setTimeout(() => this.#expire(), Math.max(1, at + this.#options.expiryMs - this.#options.now()))
  }

  #expire(): void {
    const { now, expiryMs } = this.#options
    this.#timer = undefined
    const over = [...this.#entries].filter(([, { at }]) => at + expiryMs <= now())
    for (const [key] of over) this.#entries.delete(key)
    this.#tell(over.flatMap(([, entry]) => (entry.text === GONE ? [] : [this.#end(entry)])))
    const left = [...this.#entries.values()].map(({ at }) => at)
    if (left.length > 0) this.#arm(left.reduce((least, at) => Math.min(least, at)))
  }

  [Symbol.dispose](): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#watch?.[Symbol.dispose]()
  }
}

const shown = ({ user, conn, state, at }: Entry): Presence => ({ user, conn, state, at })
