import type { z } from 'zod'
import type { JsonObject } from '../shared/json.ts'
import { type ConnectOptions, connect, type FoyerClient, type ServerOption } from './connect.ts'
import { FoyerError } from './errors.ts'
import { newKey } from './random.ts'
import { retry } from './retry.ts'
import { roomCalls } from './room/calls.ts'
import { serviceClock, underNewId } from './room/command-id.ts'
import { type Core, createCore } from './room/core.ts'
import { endFrom } from './room/end.ts'
import { stateOf } from './room/frames.ts'
import { handleOf } from './room/handle.ts'
import { queueKeeper } from './room/kept.ts'
import { presenter } from './room/presence.ts'
import { createPublisher, type Publisher } from './room/publisher.ts'
import { Replica } from './room/replica.ts'
import { followRoom } from './room/stream.ts'
import type { AnyJson, DataSchema, Room, RoomEnd } from './room/types.ts'
import { OPEN_MS, type SecretStore } from './session.ts'

/** Where the server is, and who asks: with a `client` that `connect` made, its token counts. */
export type RoomServer = ServerOption & Pick<ConnectOptions, 'token'>

interface HandleOptions<S extends DataSchema> {
  /** Of the room's data: gives `data` and the edits their types, and is held against both. Without one, any JSON. */
  schema?: S | undefined
  /** For whom a service opens it. A user's token needs none. */
  user?: string | undefined
  /** Whether the presence of others is wanted; default true. */
  presence?: boolean | undefined
  /** How many own edits may wait for the server, further ones fail with `queue-full`; default 1,000. */
  queue?: { max?: number | undefined } | undefined
  /**
   * Keeps own edits that are not confirmed, so that the next page sends them, under their same ids. `sessionStorage` lives as long
   * as its tab; `localStorage` outlives it: tabs of one user keep separate queues there, and take over those of tabs that are gone.
   */
  store?: SecretStore | undefined
  /** Ends the opening with `aborted`. Later `close()` does. */
  signal?: AbortSignal | undefined
}

export type OpenRoomOptions<S extends DataSchema = AnyJson> = RoomServer &
  HandleOptions<S> & {
    /** The room's UUID. */
    room: string
    /** Takes a seat if this user has none; default true. Without one the owner and services may read, and occupants. */
    join?: boolean | undefined
  }

export type CreateRoomOptions<S extends DataSchema = AnyJson> = RoomServer &
  HandleOptions<S> & {
    /** What the room begins with; default `{}`. */
    data?: z.input<S> | undefined
    /** How many occupants it takes; the server has a default. */
    capacity?: number | undefined
    metadata?: JsonObject | undefined
  }

const MOST_EDITS = 1_000

const clientFor = ({ url, client, token }: RoomServer): FoyerClient => client ?? connect({ url, token })

/**
 * Opens a shared-data room (seed 2) and takes a seat in it; resolves once its data is there. From then on it follows the room,
 * over losses of the network and restarts of servers, until `close()` or the event `ended`. Errors: `room-gone`, `room-full`,
 * `banned`, `not-occupant`, `unauthorized`, `forbidden` (`user`), `unfit-data`, `offline` (30 s without the server), `aborted`.
 */
export async function openRoom<S extends DataSchema = AnyJson>(options: OpenRoomOptions<S>): Promise<Room<S>> {
  const { room, user: as, join = true, schema, store } = options
  const client = clientFor(options)
  const opening = { signal: options.signal, deadlineMs: OPEN_MS }
  const calls = roomCalls(client, { room, as })
  const clock = serviceClock()
  const seat = () =>
    underNewId(clock, (id) => retry((signal) => calls.join({ id, reply: 'room' }, signal), opening)).then(
      ({ now }) => now,
    )
  const [me, seated] = await Promise.all([
    retry((signal) => client.account.me.query(undefined, { signal }), opening),
    join ? seat() : null,
  ])
  const news = seated ?? (await retry(calls.get, opening))
  if (news.status === 'deleted') throw new FoyerError('room-gone')
  // Who acts for a user has that user's rights, and no more.
  const actor = { user: as ?? me.id, service: me.role === 'service' && as === undefined }
  const replica = new Replica(stateOf(news), actor)
  const publisher = createPublisher(replica, schema)
  const keeper = await queueKeeper(store, `foyer:room:${room}:${actor.user}`)
  const life = new AbortController()
  const conn = newKey()
  const maxQueue = options.queue?.max ?? MOST_EDITS
  const core = createCore({ replica, publisher, clock, calls, keeper, maxQueue, life })
  const { present, isShown } = presenter({
    send: (state) => calls.present(conn, state),
    signal: life.signal,
    onError: (error) => publisher.emit('error', error),
  })
  if (keeper.kept !== null) replica.resume(keeper.kept.commands, keeper.kept.version)
  const stream = followRoom({
    client,
    room,
    as,
    presence: options.presence ?? true,
    after: () => replica.at,
    onFrame: core.takeFrame,
    onReach: core.reached,
    onEnd: (error) => core.end(endFrom(error)),
    signal: life.signal,
  })
  core.follow(stream)
  const farewell = () => {
    if (isShown()) calls.present(conn, null).catch(() => {})
  }
  await settled({ core, publisher, version: replica.confirmed.seq, signal: options.signal })
  void core.outbox.run()
  return handleOf<S>({ room, conn, schema, clock, calls, core, replica, publisher, present, farewell })
}

interface Opening<S extends DataSchema> {
  core: Core<S>
  publisher: Publisher<S>
  version: number
  signal: AbortSignal | undefined
}

/** What the page before has left stands on an older version: it is first brought to this one. */
async function settled<S extends DataSchema>({ core, publisher, version, signal }: Opening<S>): Promise<void> {
  const ends: RoomEnd[] = []
  const forget = publisher.on('ended', (over) => void ends.push(over))
  const abort = () => core.end({ why: 'closed', reason: '' })
  if (signal?.aborted === true) abort()
  signal?.addEventListener('abort', abort, { once: true })
  await core.reaches(version)
  signal?.removeEventListener('abort', abort)
  forget()
  for (const { error } of ends) throw error ?? new FoyerError('aborted')
}

/** Makes a room (seed 2), whose creator owns it and is its first occupant, and opens it. Errors: as `openRoom`; `limit-reached`. */
export async function createRoom<S extends DataSchema = AnyJson>(options: CreateRoomOptions<S>): Promise<Room<S>> {
  const { data, capacity, metadata, user: as, signal } = options
  const client = clientFor(options)
  // edge: the schema's input type is JSON, which is all that the server asks
  const given = { data: data as never, capacity, metadata, as, reply: 'result' as const }
  const { room } = await underNewId(serviceClock(), (id) =>
    retry((one) => client.room.create.mutate({ ...given, id }, { signal: one }), { signal, deadlineMs: OPEN_MS }),
  )
  return openRoom({ ...options, client, url: undefined, room, join: false })
}
