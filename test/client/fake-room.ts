import type { FoyerClient } from '../../client/connect.ts'
import { type OpenRoomOptions, openRoom } from '../../client/room.ts'
import type { AnyJson, DataSchema, Room } from '../../client/room/types.ts'
import type { Json } from '../../shared/json.ts'
import type { Actor } from '../../shared/log/decider.ts'
import { isTimely, type Logged } from '../../shared/log/logged.ts'
import { roomDecider } from '../../shared/room/decider.ts'
import type { CommandReply, Presence } from '../../shared/room/schema.ts'
import type { RoomCommand, RoomEvent, RoomState } from '../../shared/room/state.ts'
import { mayRead, newsOf } from '../../shared/room/view.ts'
import { RuleError } from '../../shared/rules.ts'
import type { FakeLink } from './fake-link.ts'

export { FakeLink } from './fake-link.ts'
export type { Call, Fate } from './fake-way.ts'

export const ROOM = '0190f000-0000-8000-8000-000000000001'
const RETENTION_MS = 86_400_000

/** What a server sends when something happened. */
type News = { kind: 'events' } | { kind: 'presence'; present: Presence }

/** A room on a server in this process, by the very rules of the real one; what is between it and a client is the test's: FakeLink. */
export class FakeServer {
  state: RoomState
  readonly log: Logged<RoomEvent>[] = []
  /** The data at each version. */
  readonly versions: Json[] = [null]
  /** All calls that came, repeats included. */
  readonly calls: { path: string; input: Record<string, unknown>; user: string }[] = []
  /** The server's clock is ahead of ours by this, ms. */
  skewMs = 0
  /** What keeps a command from being decided. */
  refusal: (user: string, command: RoomCommand) => RuleError | null = () => null
  #readers = new Set<(news: News) => void>()
  readonly #done = new Map<string, { hash: string; reply: Omit<CommandReply, 'now'> }>()

  constructor(data: Json, owner = 'alice') {
    const room = { type: 'create', room: ROOM, capacity: 10, metadata: {}, data } as const
    const decided = roomDecider.decide(null, room, this.#context(owner))
    const [event] = decided instanceof RuleError ? [] : decided.events
    if (event === undefined) throw new Error('the room cannot begin so')
    this.log.push({ ...event, command: 'create' })
    this.state = roomDecider.evolve(null, event, 1)
    this.versions.push(this.state.data)
  }

  now = () => Date.now() + this.skewMs
  #context = (user: string) => ({ now: this.now(), actor: this.actor(user) })
  actor = (user: string): Actor => ({ user, service: false })

  /** Does a command as the server does: once for each id. */
  run(user: string, command: RoomCommand, id: string = crypto.randomUUID()): Omit<CommandReply, 'now'> {
    const hash = JSON.stringify(command)
    const known = this.#done.get(id)
    if (known !== undefined) {
      if (known.hash !== hash) throw new RuleError('idempotency-mismatch')
      return { ...known.reply, replayed: true }
    }
    if (/^.{14}7/.test(id) && !isTimely(id, { now: this.now(), retentionMs: RETENTION_MS }))
      throw new RuleError('stale-command', { now: this.now() })
    const refused = this.refusal(user, command)
    if (refused !== null) throw refused
    const seen = command.type === 'edit' ? command.ifVersion : undefined
    const decided = roomDecider.decide(this.state, command, this.#context(user))
    if (decided instanceof RuleError) {
      const changes = seen === undefined ? {} : { changes: JSON.stringify(this.log.slice(seen)) }
      throw new RuleError(decided.rule, { ...decided.details, ...changes, version: this.state.seq })
    }
    for (const event of decided.events) {
      // As it comes out of the log.
      this.log.push(JSON.parse(JSON.stringify({ ...event, command: id })))
      this.state = roomDecider.evolve(this.state, event, this.state.seq + 1)
      this.versions.push(this.state.data)
    }
    const reply = { room: ROOM, version: this.state.seq, replayed: false, result: decided.result }
    this.#done.set(id, { hash, reply })
    this.#tell({ kind: 'events' })
    return reply
  }

  /** An edit by somebody whose client is not of the test. */
  edit(user: string, ...operations: Extract<RoomCommand, { type: 'edit' }>['operations']) {
    return this.run(user, { type: 'edit', operations })
  }

  show(present: Presence): void {
    this.#tell({ kind: 'presence', present })
  }

  news = (user: string) => newsOf(this.state, this.actor(user))
  /** Throws what keeps a user from reading. */
  admit(user: string): void {
    const rule = mayRead(this.state, this.actor(user))
    if (rule !== null) throw new RuleError(rule)
  }

  /** Calls back when there is something to send; returns what stops it. */
  read(wake: (news: News) => void): () => void {
    this.#readers.add(wake)
    return () => void this.#readers.delete(wake)
  }
  /** How many streams are open. */
  get readers(): number {
    return this.#readers.size
  }
  #tell(news: News): void {
    for (const wake of [...this.#readers]) wake(news)
  }

  open<S extends DataSchema = AnyJson>(link: FakeLink, more: Partial<OpenRoomOptions<S>> = {}): Promise<Room<S>> {
    // edge: the fake answers those procedures that an open room calls
    const client = link.client as unknown as FoyerClient
    return openRoom<S>({ ...more, client, url: undefined, room: ROOM })
  }
}
