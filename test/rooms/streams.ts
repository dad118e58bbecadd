import { afterAll } from 'bun:test'
import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  TRPCClientError,
  wsLink,
} from '@trpc/client'
import { EventSource } from 'eventsource'
import superjson from 'superjson'
import { transformer as own } from '../../client/transformer.ts'
import type { AppRouter, RouterInputs } from '../../server/app.ts'
import type { Logged } from '../../shared/log/logged.ts'
import type { RoomFrame, RoomNews } from '../../shared/room/schema.ts'
import type { RoomEvent } from '../../shared/room/state.ts'
import { JWT_SECRET, tokenOf, type TokenOptions } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'

/** Settings of a server for these tests: the integrator's secret, and no limits. */
export const ROOMS_ENV = { JWT_SECRET, RATE_PER_USER: '0', RATE_PER_ROOM: '0' }

export interface LinkOptions extends TokenOptions {
  /** `sse`: calls by HTTP, subscriptions as server-sent events. */
  transport?: 'websocket' | 'sse'
  /** superjson's own, as any tRPC client has it, or Foyer's. */
  transformer?: 'superjson' | 'own'
}

const left = new Set<() => Promise<void>>()
afterAll(async () => {
  await Promise.all([...left].map((close) => close()))
})

/**
 * tRPC's own client and links, with a user's token; a WebSocket asks for the address whenever it connects. What is left open is
 * closed at the file's end.
 */
export async function linkOf(url: string | (() => string), user: string, options: LinkOptions = {}) {
  const transformer = options.transformer === 'superjson' ? superjson : own
  const authorization = `Bearer ${await tokenOf(user, options)}`
  const endpoint = () => `${typeof url === 'string' ? url : url()}/trpc`
  if (options.transport === 'sse') {
    const base = { url: endpoint(), transformer }
    const stream = httpSubscriptionLink<AppRouter, typeof EventSource>({
      ...base,
      EventSource,
      eventSourceOptions: {
        fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, authorization } }),
      },
    })
    const calls = httpBatchLink<AppRouter>({ ...base, headers: { authorization } })
    const condition = ({ type }: { type: string }) => type === 'subscription'
    const client = createTRPCClient<AppRouter>({ links: [splitLink({ condition, true: stream, false: calls })] })
    return { client, cut: () => {}, [Symbol.asyncDispose]: async () => {} }
  }
  const socket = createWSClient({
    url: () => endpoint().replace(/^http/, 'ws'),
    connectionParams: { authorization },
    retryDelayMs: () => 20,
  })
  const client = createTRPCClient<AppRouter>({ links: [wsLink<AppRouter>({ client: socket, transformer })] })
  /** Loses the connection: tRPC's client opens a new one. */
  const cut = () => {
    const now = socket.connection
    // Bun tells nothing of a connection that is closed while it is being opened, and tRPC would wait for ever.
    if (now?.state === 'open') now.ws.close()
  }
  const close = () => {
    left.delete(close)
    return socket.close()
  }
  left.add(close)
  return { client, cut, [Symbol.asyncDispose]: close }
}
export type Link = Awaited<ReturnType<typeof linkOf>>
type Client = Link['client']

/** What a subscription brought so far. */
export class Heard {
  readonly frames: RoomFrame[] = []
  /** Of the frames that have a place in the room's order. */
  readonly ids: string[] = []
  /** The rule of its error, or `complete`. */
  readonly ends: string[] = []
  unsubscribe = () => {}
  /** The server has taken the subscription on; nothing needs to come of it. */
  onStart = () => {}
  onFrame: (frame: RoomFrame, id?: string) => void = () => {}
  onEnd = () => {}

  take(frame: RoomFrame, id?: string) {
    this.frames.push(frame)
    this.onFrame(frame, id)
    if (id !== undefined && frame.kind !== 'presence') this.ids.push(id)
  }
  end(how: string) {
    this.ends.push(how)
    this.onEnd()
  }
  of<K extends RoomFrame['kind']>(kind: K, room?: string) {
    type Of = Extract<RoomFrame, { kind: K }>
    return this.frames.filter((frame): frame is Of => frame.kind === kind && (room ?? frame.room) === frame.room)
  }
  snapshots = (room?: string) => this.of('snapshot', room)
  /** What the snapshots show. */
  views = (room?: string): RoomNews[] => this.snapshots(room).map(({ view }) => JSON.parse(view))
  /** The events of all frames, each with its version. */
  events = (room?: string): (Logged<RoomEvent> & { seq: number })[] =>
    this.of('events', room).flatMap(({ from, events }) =>
      JSON.parse(events).map((event: Logged<RoomEvent>, i: number) => ({ ...event, seq: from + i })),
    )
  versions = (room?: string) => this.events(room).map(({ seq }) => seq)
  version = (room?: string) =>
    this.frames.findLast((frame) => 'version' in frame && (room ?? frame.room) === frame.room) ?? null
  until = (condition: (heard: this) => boolean, what: string, deadlineMs = 10_000) =>
    until(() => condition(this), { what, deadlineMs })
  reached = (version: number, room?: string) =>
    this.until(() => {
      const newest = this.version(room)
      return newest !== null && 'version' in newest && newest.version >= version
    }, `version ${version}`)
  ended = () => this.until(({ ends }) => ends.length > 0, 'the end of the stream')
}

type EventsInput = Omit<RouterInputs['room']['events'], never>

/** Subscribes to one room. */
export function followRoom(client: Client, input: EventsInput): Heard {
  const heard = new Heard()
  const { unsubscribe } = client.room.events.subscribe(input, {
    onData: ({ id, data }) => heard.take(data, id),
    onError: (error) => heard.end(String(error.data?.rule ?? error)),
    onComplete: () => heard.end('complete'),
  })
  heard.unsubscribe = unsubscribe
  return heard
}

/** Subscribes to many. */
export function followFeed(client: Client, input: RouterInputs['room']['feed']): Heard {
  const heard = new Heard()
  const { unsubscribe } = client.room.feed.subscribe(input, {
    onData: (frame) => heard.take(frame),
    onError: (error) => heard.end(String(error.data?.rule ?? error)),
    onComplete: () => heard.end('complete'),
  })
  heard.unsubscribe = unsubscribe
  return heard
}

/** 1, 2, … up to a number, after another. */
export const span = (after: number, upTo: number) => Array.from({ length: upTo - after }, (_, i) => after + 1 + i)

/** Adds one to the room's counter, so that version and counter tell of each other. */
export const bump = (client: Client, room: string, as?: string) =>
  client.room.edit.mutate({ room, as, operations: [{ op: 'increment', path: '/n', by: 1 }], reply: 'result' })

/** The rule of the error with which a call was answered; `ok` if it was done. */
export const ruleOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call
    return 'ok'
  } catch (error) {
    if (error instanceof TRPCClientError) return String(error.data?.rule)
    throw error
  }
}
