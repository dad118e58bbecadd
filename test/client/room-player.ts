import { FoyerError } from '../../client/errors.ts'
import type { EditReply } from '../../client/room/part.ts'
import type { Room, SeenEvent } from '../../client/room/types.ts'
import type { Json } from '../../shared/json.ts'
import { isEqual } from '../../shared/room/values.ts'
import type { Random } from '../room/random.ts'
import { FakeLink, type FakeServer } from './fake-room.ts'
import { randomEdit, type Target } from './random-edits.ts'

/** An edit of a player, and what it heard of it. */
export interface Tried {
  player: string
  name: string
  /** A sum has no mark in the data: it is known again by its number. */
  by: number | null
  target?: Target | undefined
  /** It goes after the edits before it; those after it need not wait. */
  isTransaction?: boolean | undefined
  outcome: EditReply | FoyerError | null
}

/** A store as a page's `localStorage`. */
export function memoryStore() {
  const items = new Map<string, string>()
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
}

export const pauseFor = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** One user of the room, on pages that come and go, who edits at random and notes what becomes of it. */
export class Player {
  readonly tried: Tried[] = []
  /** Undos that were done, and redos that may have been. */
  redone = 0
  undone = 0
  readonly link: FakeLink
  /** Whether it tries what the server may refuse. */
  conflicts = true
  /** What does not hold while it plays. */
  readonly faults: string[] = []
  readonly #store = memoryStore()
  #room: Room | null = null
  #count = 0
  #seen = 0
  #acked = 0
  #pending = 0

  constructor(
    readonly name: string,
    readonly server: FakeServer,
    readonly random: Random,
  ) {
    this.link = new FakeLink(server, name)
  }

  get room(): Room {
    if (this.#room === null) throw new Error('the page is not open')
    return this.#room
  }

  async open(): Promise<void> {
    const room = await this.server.open(this.link, { store: this.#store })
    this.#room = room
    this.#seen = room.version
    this.#pending = room.pending
    room.on('change', ({ cause, version, events }) => {
      if (cause === 'events') this.#follows(events, version)
      this.#seen = version
      if (cause === 'events' || cause === 'resync') this.#look(room)
    })
    room.subscribe(() => {
      // Some were answered: with a version that is not later than the newest.
      if (room.pending < this.#pending) this.#acked = this.server.state.seq
      this.#pending = room.pending
    })
    room.on('rejected', ({ operations, error }) => this.#hear(JSON.stringify(operations), error))
  }

  /** Leaves the page; another one of the same user goes on with what was not confirmed. */
  async reload(): Promise<void> {
    this.room.close()
    await pauseFor(this.random.below(300))
    await this.open()
  }

  edit(): void {
    const { random, room } = this
    const name = `${this.name}-${++this.#count}`
    if (random.chance(0.15)) return this.#add(name)
    const { operations, target } = randomEdit(random, room.data, name)
    const mark = { op: 'set', path: `/marks/${name}`, value: name } as const
    const ifVersion = this.conflicts && random.chance(0.04) ? { ifVersion: room.version } : {}
    this.#note(
      { player: this.name, name, by: null, target, outcome: null },
      room.edit([...operations, mark], ifVersion),
    )
  }

  #add(name: string): void {
    const by = this.#count * 16 + this.name.charCodeAt(0) - 96
    this.#note({ player: this.name, name, by, outcome: null }, this.room.increment('/n', by))
  }

  transact(): void {
    const name = `${this.name}-${++this.#count}`
    const done = this.room.transact((data, tx) => {
      // edge: the histories' rooms have a number there
      const { n } = data as { n: number }
      tx.test('/n', n)
      tx.set('/cells/transacted', `${name} ${n}`)
      tx.set(`/marks/${name}`, name)
    })
    this.#note({ player: this.name, name, by: null, isTransaction: true, outcome: null }, done)
  }

  async undo(): Promise<void> {
    if (await this.room.undo()) this.undone++
  }
  async redo(): Promise<void> {
    const { room } = this
    // Where the page was left, nobody heard whether it was done.
    if ((await room.redo()) || room.state === 'ended') this.redone++
  }

  #note(tried: Tried, done: Promise<EditReply>): void {
    this.tried.push(tried)
    done.then(
      (reply) => {
        tried.outcome = reply
      },
      (error: unknown) => {
        tried.outcome = error instanceof FoyerError ? error : new FoyerError('internal', { cause: error })
      },
    )
  }

  /** The next page tells what came to nothing of what the one before left. */
  #hear(operations: string, error: FoyerError): void {
    for (const one of this.tried) {
      const own = one.by === null ? `{"op":"set","path":"/marks/${one.name}"` : `"by":${one.by}}`
      if (one.outcome instanceof FoyerError && one.outcome.rule === 'aborted' && operations.includes(own))
        one.outcome = error
    }
  }

  #follows(events: readonly SeenEvent[], version: number): void {
    const from = version - events.length
    // What was left by the page before may be behind what is known.
    if (from > this.#seen) this.faults.push(`${this.name}: ${from} follows ${this.#seen}`)
    events.forEach(({ own: _, pending, ...event }, nth) => {
      if (pending || !isEqual(plain(event), plain(this.server.log[from + nth])))
        this.faults.push(`${this.name}: another event at ${from + nth + 1}`)
    })
  }

  /** Without own edits on the way, what is seen is what the server had at that version. */
  #look(room: Room): void {
    if (room.pending > 0 || this.#acked > room.version || !isSettled(this.tried)) return
    if (!isEqual(room.data, this.server.versions[room.version] ?? null))
      this.faults.push(`${this.name}: at ${room.version} ${JSON.stringify(room.data)}`)
  }
}

const isSettled = (tried: readonly Tried[]) => tried.every(({ outcome }) => outcome !== null)
// edge: what a log holds is JSON
const plain = (value: unknown) => JSON.parse(JSON.stringify(value ?? null)) as Json
