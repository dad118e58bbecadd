import type { Handlers } from '../../client/subscription.ts'
import type { RoomCommand } from '../../shared/room/state.ts'
import { commandId } from '../../client/room/command-id.ts'
import { RuleError } from '../../shared/rules.ts'
import type { FakeServer } from './fake-room.ts'
import { FakeStream } from './fake-stream.ts'

/** What becomes of a call. `twice`: the network brings it two times. */
export type Fate = 'pass' | 'lose-request' | 'lose-reply' | 'twice'
type Input = Record<string, unknown>
export type Call = { path: string; input: Input }
/** What takes how long, ms; 0: no turn of a timer. */
type Way = 'request' | 'reply' | 'frame'

const COMMANDS = ['join', 'leave', 'delete', 'kick', 'ban', 'unban', 'transfer', 'setMetadata', 'edit'] as const

/** One client's way to the server: all of it does what the test says. */
export class FakeLink {
  /** Whether calls and streams get through at all. */
  isUp = true
  /** Whether streams can be opened. */
  hasStreams = true
  /** Frames are held back while this is so. */
  isHeld = false
  fate: (call: Call) => Fate = () => 'pass'
  delay: (way: Way) => number = () => 0
  /** A snapshot takes the place of the next events. */
  resyncs = false
  /** Each attempt comes under an id of its own: what a client must not do. */
  renames = false
  /** How many of the events that wait go into one frame. */
  take: (waiting: number) => number = (waiting) => waiting
  readonly streams = new Set<FakeStream>()
  #replies: Promise<void> = Promise.resolve()

  constructor(
    readonly server: FakeServer,
    readonly user: string,
  ) {}

  /** Ends all streams; they may be opened again. */
  cut(): void {
    for (const stream of [...this.streams]) stream.cut()
  }
  down(): void {
    this.isUp = false
    this.cut()
  }
  up(): void {
    this.isUp = true
  }
  /** Lets frames through that were held back. */
  release(): void {
    this.isHeld = false
    for (const stream of this.streams) stream.wake()
  }
  /** The server works, and its replies wait; returns what lets them through. */
  holdReplies(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#replies = promise
    return resolve
  }

  get client() {
    const call = <T>(path: string, answer: (input: Input) => T) => {
      const attempt = (input: Input = {}, { signal }: { signal?: AbortSignal } = {}) =>
        this.#call({ path, input }, answer, signal)
      return { mutate: attempt, query: attempt }
    }
    const command = (path: RoomCommand['type']) =>
      call(path, ({ id, reply, room: _, as = this.user, ...rest }) => {
        const own = this.renames ? commandId(this.server.now()) : String(id)
        // edge: the calls of client/room/calls.ts, which are typed there
        const done = this.server.run(String(as), { type: path, ...rest } as RoomCommand, own)
        return { ...done, now: reply === 'room' ? this.server.news(this.user) : null }
      })
    const { server, user } = this
    return {
      account: { me: call('me', () => ({ id: user, name: user, role: 'user', expiresAt: null })) },
      room: {
        ...Object.fromEntries(COMMANDS.map((path) => [path, command(path)])),
        get: call('get', () => {
          server.admit(user)
          return server.news(user)
        }),
        present: call('present', () => ({ renewMs: 3_000 })),
        events: {
          subscribe: ({ after = null }: { after?: number | null }, handlers: Handlers<unknown>) => {
            const stream = new FakeStream(this, after, handlers)
            return { unsubscribe: () => stream.stop() }
          },
        },
      },
    }
  }

  pause(way: Way): Promise<void> | undefined {
    const ms = this.delay(way)
    return ms === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, ms))
  }

  async #call<T>(call: Call, answer: (input: Input) => T, signal?: AbortSignal): Promise<T> {
    await Promise.resolve()
    await this.pause('request')
    const fate = this.isUp ? this.fate(call) : 'lose-request'
    // Who gave up has not sent it: a late copy is what `twice` and `lose-reply` are for.
    if (fate === 'lose-request' || signal?.aborted === true) throw new TypeError('fetch failed')
    // What the server has is what came over the wire.
    const { path, input }: Call = JSON.parse(JSON.stringify(call))
    this.server.calls.push({ path, input, user: this.user })
    const reply = this.#answered(fate, () => answer(input))
    await this.#replies
    await this.pause('reply')
    if (fate === 'lose-reply' || !this.isUp) throw new TypeError('fetch failed')
    if (reply instanceof RuleError) throw reply
    // edge: JSON of a reply is a reply
    return JSON.parse(JSON.stringify(reply)) as T
  }

  #answered<T>(fate: Fate, answer: () => T): T | RuleError {
    try {
      const first = answer()
      return fate === 'twice' ? answer() : first
    } catch (error) {
      if (error instanceof RuleError) return error
      throw error
    }
  }
}
