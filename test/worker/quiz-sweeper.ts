import type { Db } from 'mongodb'
import { createLog } from '../../server/log.ts'
import { eventsOf } from '../../server/rooms/fold.ts'
import { openQuiz } from '../../server/quiz/engine.ts'
import { openQuizRooms, type QuizRooms } from '../../server/quiz/open.ts'
import { connectStore, type Store } from '../../server/store/connect.ts'
import type { EventDoc, RoomDoc } from '../../server/store/docs.ts'
import type { LeaseDoc } from '../../server/store/docs-quiz.ts'
import type { QuizCommand } from '../../shared/quiz/commands.ts'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import { createWorkerMetrics } from '../../worker/metrics.ts'
import { createQuizSweep } from '../../worker/quiz.ts'
import type { SweepBounds } from '../../worker/rooms.ts'
import { quickly } from '../kit/quiz.ts'

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const ENV = { ROOM_RETENTION_MS: DAY, QUIZ_IDLE_MS: 365 * DAY, NEVER_STARTED_MS: MINUTE }

/** A sweep sees all rooms of its database: each test begins without any. */
export const emptyQuiz = async (db: Db) => {
  for (const name of ['quizEvents', 'quizRooms', 'leases', 'audience', 'claims'])
    await db.collection(name).deleteMany({})
}

export interface Process {
  /** Its clock runs so many ms behind: what it writes is that old. */
  agoMs?: number
  /** It is killed before it keeps any snapshot and before it does what follows from its events. */
  killed?: true
}

const DECK = 'deck'
const payload = quickly(DECK)
const facts = { deck: { id: DECK, owner: 'ann', playable: true } }
const ANN = { user: 'ann', service: false }
export const SERVICE = { user: 'test', service: true }
export const message = { type: 'message', text: 'hello', proposal: null } as const

/** Sends a command of Ann's. */
export const send = (rooms: QuizRooms, room: string, command: QuizCommand, actor = ANN) =>
  rooms.send({ room, id: Bun.randomUUIDv7(), actor, command, hash: JSON.stringify(command) })

/** A worker's sweep of quiz rooms and the rooms of other processes, over the database at `url`. */
export async function openQuizSweeper(url: string, { bounds }: { bounds?: Partial<SweepBounds> } = {}) {
  const store = await connectStore({ url, appName: 'test', onError: () => {} })
  const log = createLog('test', 'silent')
  const metrics = createWorkerMetrics()
  const opened: QuizRooms[] = []
  const tell = () => Promise.resolve()

  /** The sweep of one more worker. `over`: what it sees in place of the store. */
  const worker = (over: Store = store) => {
    const { rooms, duties } = openQuiz({ store: over, log, metrics, tell })
    opened.push(rooms)
    const { perform } = duties
    return createQuizSweep({ store: over, env: ENV, log, metrics, bounds: bounds ?? {}, rooms, perform })
  }

  const process = ({ agoMs = 0, killed }: Process = {}) => {
    const clock = { ...store.clock, now: () => new Date(store.clock.now().getTime() - agoMs) }
    const quiz = killed === true ? { ...store.quiz, keep: () => Promise.resolve() } : store.quiz
    const own = { ...store, clock, quiz }
    const { rooms, duties } =
      killed === true
        ? { rooms: openQuizRooms({ store: own, log, metrics, onDuty: () => {} }), duties: null }
        : openQuiz({ store: own, log, metrics, tell })
    opened.push(rooms)
    return Object.assign(rooms, { settled: (room: string) => duties?.settled(room) })
  }

  /** A room by this command, so long ago. */
  const made = async (create: (room: string) => QuizCommand, options: Process = {}): Promise<string> => {
    const room = crypto.randomUUID()
    const rooms = process(options)
    await send(rooms, room, create(room))
    await rooms.settled(room)
    await rooms.close()
    return room
  }

  const worked = worker()
  const { events, rooms: snapshots } = store.quiz
  return {
    store,
    metrics,
    worker,
    process,
    sweep: worked.sweep,
    followUp: worked.followUp,
    hosted: (options?: Process) => made((room) => ({ type: 'createHosted', room, payload, facts }), options),
    solo: (options?: Process) => made((room) => ({ type: 'createSolo', room, payload, facts }), options),
    group: (options?: Process) =>
      made((room) => ({ ...message, type: 'createGroup', room, others: [], facts: { friends: [] } }), options),
    /** Makes an evanescent room of a group's, with what is committed in the parent alone. */
    spawn: async (parent: string, options: Process): Promise<string> => {
      const child = crypto.randomUUID()
      await send(process(options), parent, { type: 'spawn', child, payload, facts })
      return child
    },
    state: async (room: string) => process({ killed: true }).read(room),
    docs: (room: string): Promise<EventDoc[]> => events.find({ room }, { sort: { seq: 1 } }).toArray(),
    events: async (room: string) =>
      (await events.find({ room }, { sort: { seq: 1 } }).toArray()).flatMap((doc) => eventsOf<QuizEvent>(doc)),
    snapshot: (room: string): Promise<RoomDoc | null> => snapshots.findOne({ _id: room }),
    lease: async (room: string): Promise<LeaseDoc | undefined> => (await store.leases.ofRooms([room]))[0],
    [Symbol.asyncDispose]: async () => {
      await Promise.all(opened.map((each) => each.close()))
      await store.close()
    },
  }
}
export type QuizSweeper = Awaited<ReturnType<typeof openQuizSweeper>>
