import { emitter } from './emitter.ts'
import { FoyerError } from './errors.ts'
import { serviceClock } from './room/command-id.ts'
import { commandsOf } from './rooms/commands.ts'
import { type ConnectionOptions, createConnection } from './rooms/connection.ts'
import { createFeed } from './rooms/feed.ts'
import { createSender } from './rooms/sender.ts'
import type { Rooms, RoomsEvents, RoomVersions } from './rooms/types.ts'
import { createWindow } from './rooms/window.ts'

export interface RoomsOptions {
  /** The server's origin, with a path if it is mounted under one. */
  url: string
  /** A service token: the integrator's JWT with `role: 'service'`. A function is asked whenever a connection opens. */
  token: ConnectionOptions['token']
  /** What to follow from the start, and after which version each: `versions` of an earlier process. */
  rooms?: RoomVersions | undefined
  /** Whether the event `presence` is wanted; default false. */
  presence?: boolean | undefined
  /** How many commands may wait for their answer, further ones fail with `queue-full`; default 10,000. */
  queue?: { max?: number | undefined } | undefined
}

const MOST_COMMANDS = 10_000
/** Bytes on their way at once: the server takes frames of 64 KiB, and tRPC adds a little around each message. */
const WINDOW_BYTES = 60_000

/**
 * An integrator's backend in any number of shared-data rooms (seed 2), over one WebSocket: events of all rooms that it follows, and
 * commands for any user. Connects with the first of either, and again by itself, with back-off, whatever happens to the network or
 * to servers: what is followed goes on after the last event that listeners were told, without a gap and without a repeat, and a
 * command without an answer is sent again under its id, so that it is done once. Losing the connection is no leave of anybody.
 *
 * What it holds is bounded: a version for each room, and `queue.max` commands. Events are not kept: who reads slower than they come
 * is sent one `snapshot` (`slow`) in their place.
 *
 * ```ts
 * const rooms = connectRooms({ url, token, rooms: await load() })
 * rooms.on('events', ({ room, version, events }) => queue.push({ room, version, events }))
 * rooms.follow(id)
 * await rooms.as('alice').edit(id, [{ op: 'increment', path: '/score', by: 10 }])
 * await save(rooms.versions)
 * ```
 */
export function connectRooms({ url, token, rooms = {}, presence = false, queue }: RoomsOptions): Rooms {
  const { on, emit } = emitter<RoomsEvents>()
  const life = new AbortController()
  const { signal } = life
  let state: Rooms['state'] = 'online'
  let isWhole = true
  let isThere = true

  const tellState = (): void => {
    const next = isWhole && isThere ? 'online' : 'offline'
    if (state === next || state === 'ended') return
    state = next
    emit('state', { state: next })
  }

  const end = (): void => {
    state = 'ended'
    life.abort(new FoyerError('aborted'))
    connection.close()
  }
  const connection = createConnection({
    url,
    token,
    onReach: (now) => {
      isThere = now
      tellState()
    },
    onRefused: (error) => {
      // What was refused together is one refusal.
      if (signal.aborted) return
      end()
      emit('ended', { error })
    },
  })
  const window = createWindow(WINDOW_BYTES)
  const most = queue?.max ?? MOST_COMMANDS
  const sender = createSender({ connection, window, clock: serviceClock(), most, signal })
  const feed = createFeed({
    ...{ connection, window, presence, signal },
    onNews: (news) => {
      if (news.kind === 'events') emit('events', news.value)
      else if (news.kind === 'snapshot') emit('snapshot', news.value)
      else if (news.kind === 'presence') emit('presence', news.value)
      else emit('end', news.value)
    },
    onWhole: (now) => {
      isWhole = now
      tellState()
    },
  })
  for (const [room, after] of Object.entries(rooms)) feed.follow(room, after)

  return {
    ...commandsOf(sender, undefined),
    as: (user) => commandsOf(sender, user),
    follow: (room, { after = null } = {}) => feed.follow(room, after),
    unfollow: feed.unfollow,
    get versions() {
      return feed.versions
    },
    get state() {
      return state
    },
    on,
    close: end,
  }
}
