import { afterAll } from 'bun:test'
import type { Db } from 'mongodb'
import { Registry } from 'prom-client'
import { createLog } from '../../server/log.ts'
import { openQuizRooms, type QuizRooms } from '../../server/quiz/open.ts'
import { eventsOf } from '../../server/rooms/fold.ts'
import { connectStore, type Store } from '../../server/store/connect.ts'
import type { EventDoc } from '../../server/store/docs.ts'
import type { LeaseDoc } from '../../server/store/docs-quiz.ts'
import { logId } from '../../server/store/log.ts'
import type { QuizCommand } from '../../shared/quiz/commands.ts'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import type { QuizPayload } from '../../shared/quiz/settings.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { createConductorMetrics } from '../../worker/conduct/metrics.ts'
import { type ConductorEnv, type Conductors, runConductors, type RunOptions } from '../../worker/conduct/run.ts'
import { leaseTimesOf } from '../../worker/lease-times.ts'
import { createWorkerMetrics } from '../../worker/metrics.ts'
import { singles } from '../quiz/cards.ts'
import { user } from '../quiz/memory.ts'
import { deckOf, friends, payloadOf, text } from '../quiz/rooms.ts'

/** A lost host is found out within 6 s. */
export const FAST: ConductorEnv = {
  LEASE_MS: 4_000,
  LEASE_RENEW_MS: 1_000,
  LEASE_OP_MS: 800,
  LEASE_GRACE_MS: 500,
  LEASE_SCAN_MS: 500,
  DORMANT_MS: 300_000,
}
export const CARDS = singles(3)

const QUICK: Partial<QuizPayload> = {
  questionMs: 1_000,
  graceMs: 0,
  lobbyMs: 50,
  revealMs: 50,
  scoreboardMs: 50,
  endMs: 50,
  silentAfter: null,
}

/** A process that runs conductors, inside of this one: with a store and rooms of its own. */
export interface Process {
  conductors: Conductors
  store: Store
  rooms: QuizRooms
  metrics: () => Promise<string>
}

/** `over`: its store as it sees it; `at`: by another way to the database. */
type More = Partial<Omit<RunOptions, 'store'>> & { over?: (store: Store) => Store; at?: string }

/** An event as it stands in the log, with the process that wrote it. */
export type Line = QuizEvent & { origin: string }

/** As workers have them, but that a process takes over at once. */
export const timesOf = (env: ConductorEnv) => ({
  ...leaseTimesOf({ ...env, NEVER_STARTED_MS: 60_000 }),
  startHoldMs: 0,
})

/** What a process opens: store and quiz rooms. */
export async function openProcess(url: string, env: ConductorEnv) {
  const log = createLog('test', process.env.TEST_LOG ?? 'silent')
  const store = await connectStore({ url, appName: 'test', onError: () => {}, leaseTimes: timesOf(env) })
  const rooms = openQuizRooms({ store, log, metrics: createWorkerMetrics(), onDuty: () => {} })
  return { log, store, rooms }
}

/** Rooms and processes in a database of the file's own. Call it once, at the top. */
export async function openConducting({ url, db }: { url: string; db: Db }) {
  const server = await openProcess(url, FAST)
  const stops: (() => Promise<unknown>)[] = []
  afterAll(async () => {
    await Promise.all(stops.map((stop) => stop()))
    await server.rooms.close()
    await server.store.close()
  })

  const start = async (env: Partial<ConductorEnv> = {}, more: More = {}): Promise<Process> => {
    const settings = { ...FAST, ...env }
    const { over = (same: Store) => same, at = url, ...options } = more
    const { log, store, rooms } = await openProcess(at, settings)
    const registry = new Registry()
    const metrics = createConductorMetrics(registry)
    const worker = crypto.randomUUID()
    const identity = { worker, host: 'test', supervisor: 'test' }
    const cards = () => Promise.resolve(CARDS)
    const conductors = runConductors({
      store: over(store),
      rooms,
      cards,
      env: settings,
      log,
      metrics,
      identity,
      ...options,
    })
    stops.push(async () => {
      await conductors.stop()
      await rooms.close()
      await store.close()
    })
    return { conductors, store, rooms, metrics: () => registry.metrics() }
  }

  const send = (room: string, command: QuizCommand, name = 'ann') =>
    server.rooms.send({ room, id: crypto.randomUUID(), actor: user(name), command, hash: '' })

  /** A room whose conductor is wanted. */
  const make = async (kind: 'solo' | 'group', settings: Partial<QuizPayload> = {}): Promise<string> => {
    const room = crypto.randomUUID()
    const payload = payloadOf({ ...QUICK, ...settings })
    if (kind === 'solo') await send(room, { type: 'createSolo', room, payload, facts: deckOf() })
    else {
      await send(room, { type: 'createGroup', room, others: ['bob'], facts: friends('bob'), ...text('hello') })
      await send(room, { type: 'startConductor', payload, facts: deckOf() })
    }
    await want(room)
    return room
  }

  const state = async (room: string): Promise<QuizState> => {
    const read = await server.rooms.read(room)
    if (read === null) throw new Error(`there is no room ${room}`)
    return read
  }

  /** As the server does when somebody subscribes, and when it carries out what follows from an event. */
  const want = async (room: string) => {
    const { kind, conductor } = await state(room)
    await server.store.leases.want({ room, kind, epoch: conductor.epoch })
  }

  const lines = async (room: string): Promise<Line[]> => {
    const docs: EventDoc[] = await server.store.quiz.events.find({ room }, { sort: { seq: 1 } }).toArray()
    return docs.flatMap((doc) => eventsOf<QuizEvent>(doc).map((event) => ({ ...event, origin: doc.origin ?? '' })))
  }

  /** A server tells who watches the room, now. */
  const watched = async (room: string, users: readonly string[], by = 'server'): Promise<void> => {
    const at = server.store.clock.now()
    const doc = { room, server: by, users: [...users], at, purgeAt: new Date(at.getTime() + 60_000) }
    await server.store.audience.insert({ _id: logId(at), ...doc })
  }

  /** Moves the lease of a room past its end. */
  const expire = async (room: string): Promise<void> => {
    const expiresAt = new Date(Date.now() - FAST.LEASE_GRACE_MS - 1_000)
    await db.collection<LeaseDoc>('leases').updateOne({ _id: room }, { $set: { expiresAt } })
  }

  const lease = async (room: string) => (await server.store.leases.ofRooms([room]))[0]

  return { start, send, make, want, state, lines, watched, lease, expire, leases: server.store.leases }
}

export const isType =
  <T extends QuizEvent['type']>(type: T) =>
  (line: Line): line is Line & Extract<QuizEvent, { type: T }> =>
    line.type === type
