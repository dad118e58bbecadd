import type { RoomFrame } from '../../shared/room/schema.ts'
import type { Rule } from '../../shared/rules.ts'

/** Nothing more of this room. `told`: the subscriber has heard why, by the room's tombstone. */
export interface End {
  kind: 'end'
  room: string
  rule: Rule
  told: boolean
}
export type Item = Exclude<RoomFrame, { kind: 'end' }> | End

/** One thing that a subscription follows: a room's log, or who is present in it. */
export interface Source<I = Item> extends Disposable {
  /** What comes next, or null while there is nothing; it marks itself when that changes. */
  next(): Promise<I | null> | I | null
}

/** Sources of any number of rooms, gathered for one subscription: each has its turn in the order in which it had something. */
export class Inlet<I = Item> implements Disposable {
  readonly #rooms = new Map<string, Source<I>[]>()
  readonly #ready = new Set<Source<I>>()
  #wake: (() => void) | null = null
  #woken = false

  /** How many rooms are open. */
  get size(): number {
    return this.#rooms.size
  }

  add(room: string, source: Source<I>): void {
    this.#rooms.set(room, [...(this.#rooms.get(room) ?? []), source])
  }

  close(room: string): void {
    for (const source of this.#rooms.get(room) ?? []) {
      this.#ready.delete(source)
      source[Symbol.dispose]()
    }
    this.#rooms.delete(room)
  }

  [Symbol.dispose](): void {
    for (const room of [...this.#rooms.keys()]) this.close(room)
  }

  /** The source may have something. */
  mark = (source: Source<I>): void => {
    this.#ready.add(source)
    this.wake()
  }

  /** Lets who waits look around, whether there is something or not. */
  wake = (): void => {
    this.#woken = true
    this.#wake?.()
  }

  take(): Source<I> | undefined {
    const [first] = this.#ready
    if (first !== undefined) this.#ready.delete(first)
    return first
  }

  /** Resolves when a source is marked, or something else has happened. */
  async wait(): Promise<void> {
    if (this.#ready.size === 0 && !this.#woken) await new Promise<void>((resolve) => (this.#wake = resolve))
    this.#wake = null
    this.#woken = false
  }
}
