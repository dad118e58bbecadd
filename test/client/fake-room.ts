import type { FoyerClient } from '../../client/connect.ts'
import { type OpenRoomOptions, openRoom } from '../../client/room.ts'
import type { AnyJson, DataSchema, Room } from '../../client/room/types.ts'
import type { Handlers } from '../../client/subscription.ts'
import type { Json } from '../../shared/json.ts'
import { isTimely, type Logged } from '../../shared/log/logged.ts'
import { roomDecider } from '../../shared/room/decider.ts'
import type { CommandReply, RoomFrame } from '../../shared/room/schema.ts'
import type { RoomCommand, RoomEvent, RoomState } from '../../shared/room/state.ts'
import { newsOf } from '../../shared/room/view.ts'
import { RuleError } from '../../shared/rules.ts'

export const ROOM = '0190f000-0000-8000-8000-000000000001'
const RETENTION_MS = 86_400_000

/** What a call is answered: by `lose`, not at all. */
export type Fate = 'pass' | 'lose-request' | 'lose-reply'
type Input = Record<string, unknown>
type Call = { path: string; input: Input }

/** A room on a server in this process, by the very rules of the real one; its network does what a test says. */
export class FakeServer {
  state: RoomState
  readonly log: Logged<RoomEvent>[] = []
  readonly calls: Call[] = []
  /** The server's clock is ahead of ours by this, ms. */
  skewMs = 0
  #readers = new Set<() => void>()
  readonly #done = new Map<string, { hash: string; reply: Omit<CommandReply, 'now'> }>()

  constructor(data: Json, owner = 'alice') {
    const room = { type: 'create', room: ROOM, capacity: 10, metadata: {}, data } as const
    const decided = roomDecider.decide(null, room, this.#context(owner))
    const [event] = decided instanceof RuleError ? [] : decided.events
    if (event === undefined) throw new Error('the room cannot begin so')
    this.log.push({ ...event, command: 'create' })
    this.state = roomDecider.evolve(null, event, 1)
  }

  now = () => Date.now() + this.skewMs
  #context = (user: string) => ({ now: this.now(), actor: { user, service: false } })

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
    }
    const reply = { room: ROOM, version: this.state.seq, replayed: false, result: decided.result }
    this.#done.set(id, { hash, reply })
    for (const wake of this.#readers) wake()
    return reply
  }

  news = (user: string) => newsOf(this.state, { user, service: false })

  /** Frames for a user, as the test lets them through. */
  read(wake: () => void): () => void {
    this.#readers.add(wake)
    return () => void this.#readers.delete(wake)
  }

  open<S extends DataSchema = AnyJson>(link: FakeLink, more: Partial<OpenRoomOptions<S>> = {}): Promise<Room<S>> {
    // edge: the fake answers those procedures that an open room calls
    const client = link.client as unknown as FoyerClient
    return openRoom<S>({ ...more, client, url: undefined, room: ROOM })
  }
}

/** One client's way to the server. */
export class FakeLink {
  /** Whether calls and streams get through at all. */
  isUp = true
  /** Whether streams can be opened. */
  hasStreams = true
  /** Events are held back while this is so. */
  isHeld = false
  /** What happens to each call. */
  fate: (call: Call) => Fate = () => 'pass'
  /** A snapshot takes the place of the next events. */
  resyncs = false
  #cuts = new Set<() => void>()
  readonly #server: FakeServer
  readonly user: string

  constructor(server: FakeServer, user: string) {
    this.#server = server
    this.user = user
  }

  /** Ends all streams; they may be opened again. */
  cut(): void {
    for (const end of this.#cuts) end()
  }
  down(): void {
    this.isUp = false
    this.cut()
  }
  /** Lets events through that were held back. */
  release(): void {
    this.isHeld = false
    for (const flush of this.#flushes) flush()
  }
  readonly #flushes = new Set<() => void>()

  get client() {
    const call = <T>(path: string, answer: (input: Input) => T) => ({
      mutate: (input: Input = {}) => this.#call(path, input, answer),
      query: (input: Input = {}) => this.#call(path, input, answer),
    })
    const command = (path: string, type: RoomCommand['type']) =>
      call(path, ({ id, reply, room: _, ...rest }) => {
        // edge: the calls of client/room/calls.ts, which are typed there
        const done = this.#server.run(this.user, { type, ...rest } as RoomCommand, String(id))
        return { ...done, now: reply === 'room' ? this.#server.news(this.user) : null }
      })
    return {
      account: { me: call('me', () => ({ id: this.user, name: this.user, role: 'user', expiresAt: null })) },
      room: {
        join: command('join', 'join'),
        leave: command('leave', 'leave'),
        delete: command('delete', 'delete'),
        kick: command('kick', 'kick'),
        edit: command('edit', 'edit'),
        get: call('get', () => this.#server.news(this.user)),
        present: call('present', () => ({ renewMs: 3_000 })),
        events: {
          subscribe: (input: { after?: number }, handlers: Handlers<unknown>) => this.#events(input, handlers),
        },
      },
    }
  }

  async #call<T>(path: string, input: Input, answer: (input: Input) => T) {
    await Promise.resolve()
    this.#server.calls.push({ path, input })
    const fate = this.isUp ? this.fate({ path, input }) : 'lose-request'
    if (fate === 'lose-request') throw new TypeError('fetch failed')
    // What the server has is what came over the wire.
    const reply = answer(JSON.parse(JSON.stringify(input)))
    if (fate === 'lose-reply') throw new TypeError('fetch failed')
    return JSON.parse(JSON.stringify(reply)) as T
  }

  #events({ after }: { after?: number }, handlers: Handlers<unknown>) {
    let at = after ?? null
    let isOver = false
    const server = this.#server
    const frame = (): Exclude<RoomFrame, { kind: 'presence' | 'end' }> | null => {
      const { seq } = server.state
      if (at === seq) return null
      const isWhole = at === null || this.resyncs
      const from = (at ?? 0) + 1
      this.resyncs = false
      at = seq
      const head = { room: ROOM, version: seq }
      if (isWhole) return { ...head, kind: 'snapshot', why: 'resync', view: JSON.stringify(server.news(this.user)) }
      return { ...head, kind: 'events', from, events: JSON.stringify(server.log.slice(from - 1)) }
    }
    const flush = () => {
      if (isOver || this.isHeld) return
      const next = frame()
      if (next !== null) handlers.onData({ id: String(next.version), data: next })
    }
    const stop = () => {
      isOver = true
      this.#cuts.delete(end)
      this.#flushes.delete(flush)
      forget()
    }
    const end = () => {
      if (isOver) return
      stop()
      handlers.onError(new TypeError('the stream broke'))
    }
    const forget = server.read(() => queueMicrotask(flush))
    this.#cuts.add(end)
    this.#flushes.add(flush)
    queueMicrotask(() => {
      if (!this.isUp) return end()
      if (!this.hasStreams) return handlers.onError(Object.assign(new Error('no'), { name: 'TimeoutError' }))
      handlers.onStarted()
      flush()
    })
    return { unsubscribe: stop }
  }
}
