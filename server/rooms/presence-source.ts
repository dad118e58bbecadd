import type { Presence } from '../../shared/room/schema.ts'
import type { Attendance } from './attendance.ts'
import type { Item, Source } from './inlet.ts'

/** At least this between two presence frames of a room, ms: twenty a second, which is what a cursor needs to look alive. */
const PACE_MS = 50
/** Characters of one presence frame; the rest comes with the next. */
const FRAME_CHARS = 32_000

export interface PresenceSourceOptions {
  room: string
  attendance: Attendance
  mark: (source: Source) => void
  /** The subscriber is gone. */
  left: () => void
}

/** Who is present in a room, for one subscriber: all of them, then what changes, at its pace; of a connection the newest only. */
export class PresenceSource implements Source {
  readonly #options: PresenceSourceOptions
  /** By connection, so that what waits is never more than who is there. */
  #waiting = new Map<string, Presence>()
  #begun = false
  #sentAt = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: PresenceSourceOptions) {
    this.#options = options
    options.attendance.listen(this.#changed)
    options.mark(this)
  }

  #changed = (changed: readonly Presence[]): void => {
    if (this.#begun) this.#add(changed)
    if (this.#timer === undefined) this.#options.mark(this)
  }

  #add(changed: readonly Presence[]): void {
    for (const one of changed) this.#waiting.set(`${one.conn} ${one.user}`, one)
  }

  next(): Item | null {
    const { room, attendance } = this.#options
    const wait = this.#sentAt + PACE_MS - performance.now()
    if (wait > 0) return this.#later(wait)
    const present = this.#begun ? null : attendance.present()
    if (present !== null) this.#add(present)
    if (this.#waiting.size === 0 && present === null) return null
    this.#begun = true
    this.#sentAt = performance.now()
    return { kind: 'presence', room, all: present !== null, present: this.#take() }
  }

  /** Marks itself when its time has come, if there is something by then. */
  #later(ms: number): null {
    if (this.#timer !== undefined || this.#waiting.size === 0) return null
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#options.mark(this)
    }, ms)
    return null
  }

  #take(): Presence[] {
    const taken: Presence[] = []
    let chars = 0
    for (const [key, one] of this.#waiting) {
      if (chars > FRAME_CHARS) break
      chars += JSON.stringify(one).length
      taken.push(one)
      this.#waiting.delete(key)
    }
    return taken
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#options.attendance.unlisten(this.#changed)
    this.#options.left()
  }
}
