import { afterAll } from 'bun:test'
import type { Db } from 'mongodb'
import { createLog } from '../../server/log.ts'
import { createMetrics } from '../../server/metrics.ts'
import { openQuiz } from '../../server/quiz/engine.ts'
import { connectStore } from '../../server/store/connect.ts'
import type { LeaseDoc, WorkerDoc } from '../../server/store/docs-quiz.ts'
import type { QuizCommand } from '../../shared/quiz/commands.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { deckFor, quickly } from '../kit/quiz.ts'
import { until } from '../kit/until.ts'

/** Quiz rooms as a server has them, in the test's own process, and what workers make of them. Call it once, at the top. */
export async function openQuizKit({ url, db }: { url: string; db: Db }) {
  const store = await connectStore({ url, appName: 'test', onError: () => {} })
  const log = createLog('test', 'silent')
  const metrics = createMetrics()
  const { rooms, duties } = openQuiz({ store, log, metrics, tell: () => Promise.resolve() })
  const deck = await deckFor(db, 'ann')
  // Waits in its lobby for its host: nothing ends it while a test looks at it.
  const payload = quickly(deck, { pace: 'host' })
  const facts = { deck: { id: deck, owner: 'ann', playable: true } }
  afterAll(async () => {
    metrics.stop()
    await rooms.close()
    await store.close()
  })

  const send = (room: string, command: QuizCommand, service = false) =>
    rooms.send({
      room,
      id: Bun.randomUUIDv7(),
      actor: { user: 'ann', service },
      command,
      hash: JSON.stringify(command),
    })
  const state = async (room: string): Promise<QuizState> => {
    const found = await rooms.read(room)
    if (found === null) throw new Error(`there is no room ${room}`)
    return found
  }
  const lease = (room: string) => db.collection<LeaseDoc>('leases').findOne({ _id: room })
  const workers = () => db.collection<WorkerDoc>('workers').find().toArray()

  return {
    store,
    rooms,
    duties,
    db,
    send,
    state,
    lease,
    workers,
    /** The room of a deck, with its conductor wanted, as when somebody comes. */
    hosted: async (): Promise<string> => {
      const room = crypto.randomUUID()
      await send(room, { type: 'createHosted', room, payload, facts })
      await store.leases.want({ room, kind: 'HostedPerpetual', epoch: 0 })
      return room
    },
    /** An evanescent room of Ann's; its conductor is wanted as it follows from the log. */
    solo: async (): Promise<string> => {
      const room = crypto.randomUUID()
      await send(room, { type: 'createSolo', room, payload, facts })
      await duties.settled(room)
      return room
    },
    /** A group room of Ann and Bob, with zero conductors. */
    group: async (): Promise<string> => {
      const room = crypto.randomUUID()
      const message = { text: 'hello', proposal: null }
      await send(room, { type: 'createGroup', room, others: ['bob'], facts: { friends: ['bob'] }, ...message })
      await duties.settled(room)
      return room
    },
    /** Once the room is conducted under this epoch or a later one: by whom. */
    conducted: async (room: string, epoch = 1): Promise<WorkerDoc> => {
      await until(
        async () => {
          const { conductor } = await state(room)
          return conductor.holder !== null && conductor.epoch >= epoch
        },
        { what: `a conductor of epoch ${epoch}`, deadlineMs: 20_000 },
      )
      const { conductor } = await state(room)
      return until(async () => (await workers()).find(({ _id }) => _id === conductor.holder), { what: 'its process' })
    },
  }
}
export type QuizKit = Awaited<ReturnType<typeof openQuizKit>>
