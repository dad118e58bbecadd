import type { Handlers } from '../../client/subscription.ts'
import type { RoomCommand } from '../../shared/room/state.ts'
import { commandId } from '../../client/room/command-id.ts'
import type { FakeServer } from './fake-room.ts'
import { FakeStream } from './fake-stream.ts'
import { type Call, FakeWay } from './fake-way.ts'

const COMMANDS = ['join', 'leave', 'delete', 'kick', 'ban', 'unban', 'transfer', 'setMetadata', 'edit'] as const

/** One client's way to the server's room. */
export class FakeLink extends FakeWay<FakeStream> {
  /** A snapshot takes the place of the next events. */
  resyncs = false
  /** Each attempt comes under an id of its own: what a client must not do. */
  renames = false
  /** How many of the events that wait go into one frame. */
  take: (waiting: number) => number = (waiting) => waiting

  constructor(
    readonly server: FakeServer,
    readonly user: string,
  ) {
    super()
  }

  protected arrived(call: Call): void {
    this.server.calls.push({ ...call, user: this.user })
  }

  get client() {
    const command = (path: RoomCommand['type']) =>
      this.procedure(path, ({ id, reply, room: _, as = this.user, ...rest }) => {
        const own = this.renames ? commandId(this.server.now()) : String(id)
        // edge: the calls of client/room/calls.ts, which are typed there
        const done = this.server.run(String(as), { type: path, ...rest } as RoomCommand, own)
        return { ...done, now: reply === 'room' ? this.server.news(this.user) : null }
      })
    const { server, user } = this
    return {
      account: { me: this.procedure('me', () => ({ id: user, name: user, role: 'user', expiresAt: null })) },
      room: {
        ...Object.fromEntries(COMMANDS.map((path) => [path, command(path)])),
        get: this.procedure('get', () => {
          server.admit(user)
          return server.news(user)
        }),
        present: this.procedure('present', () => ({ renewMs: 3_000 })),
        events: {
          subscribe: ({ after = null }: { after?: number | null }, handlers: Handlers<unknown>) => {
            const stream = new FakeStream(this, after, handlers)
            return { unsubscribe: () => stream.stop() }
          },
        },
      },
    }
  }
}
