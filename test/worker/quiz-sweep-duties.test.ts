import { beforeEach, describe, expect, test } from 'bun:test'
import type { EventDoc } from '../../server/store/docs.ts'
import { dutySweep } from '../../worker/quiz/duties.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnWorker } from '../kit/processes.ts'
import { until } from '../kit/until.ts'
import { DAY, emptyQuiz, message, MINUTE, openQuizSweeper, type QuizSweeper, SECOND, send } from './quiz-sweeper.ts'

const { url, db } = useDatabase(import.meta.path)
beforeEach(() => emptyQuiz(db))

const undone = () => db.collection<EventDoc>('quizEvents').countDocuments({ duties: true })
/** A group room whose spawning of an evanescent one was committed by a process that was killed, so long ago. */
const halfSpawned = async (kit: QuizSweeper, agoMs: number) => {
  const parent = await kit.group({ agoMs: agoMs + MINUTE })
  return { parent, child: await kit.spawn(parent, { agoMs, killed: true }) }
}

describe('what follows from an event and was left undone', () => {
  test('is done by the sweep 3 s later, and by what follows from that', async () => {
    await using kit = await openQuizSweeper(url)
    const { parent, child } = await halfSpawned(kit, 4 * SECOND)
    expect(await kit.state(child)).toBeNull()
    await kit.followUp()
    expect(await kit.state(child)).toMatchObject({ kind: 'GroupEvanescent', parent, occupants: ['ann'] })
    await until(async () => (await kit.lease(child))?.status === 'wanted', { what: 'the conductor is wanted' })
    await until(async () => (await undone()) === 0, { what: 'all of it done' })
    expect(await kit.metrics.registry.metrics()).toContain('foyer_duties_swept_total 1')
    await kit.followUp()
    expect(await kit.metrics.registry.metrics()).toContain('foyer_duties_swept_total 1')
  })

  test('is left to whoever committed it for that long', async () => {
    await using kit = await openQuizSweeper(url)
    const { child } = await halfSpawned(kit, 0)
    await kit.followUp()
    expect(await kit.state(child)).toBeNull()
  })

  test('is done once by several workers at once', async () => {
    await using kit = await openQuizSweeper(url)
    const made = await Promise.all(Array.from({ length: 10 }, () => halfSpawned(kit, 4 * SECOND)))
    await Promise.all(Array.from({ length: 3 }, () => kit.worker().followUp()))
    for (const { child } of made) {
      const events = await kit.events(child)
      expect(events.filter(({ type }) => type === 'room.created')).toHaveLength(1)
    }
  })

  test('stays in the log for as long as it is not done, past its retention', async () => {
    await using kit = await openQuizSweeper(url)
    const { parent, child } = await halfSpawned(kit, 2 * DAY)
    await send(kit.process(), parent, message)
    await kit.sweep()
    await kit.sweep()
    expect((await kit.docs(parent)).map(({ duties }) => duties)).toEqual([true, undefined])
    await kit.followUp()
    expect(await kit.state(child)).not.toBeNull()
    await kit.sweep()
    expect((await kit.docs(parent)).map(({ duties }) => duties)).toEqual([undefined])
    expect(await kit.state(parent)).toMatchObject({ seq: 4 })
  })

  test('where it fails it does not hold up the rest', async () => {
    const docs = Array.from({ length: 450 }, (_, i): EventDoc => {
      return { _id: `${i}`.padStart(4, '0'), room: 'r', seq: i, n: 1, prev: null, at: new Date(), body: '[]' }
    })
    const seen: string[] = []
    const errors: unknown[] = []
    const turn = dutySweep({
      duties: {
        due: async ({ after, limit }) => docs.filter(({ _id }) => after === null || _id > after).slice(0, limit),
      },
      now: () => new Date(),
      perform: async ({ _id }) => {
        seen.push(_id)
        throw new Error('it cannot be done')
      },
      onDone: () => {},
      onError: (error) => void errors.push(error),
    })
    for (let i = 0; i < 3; i++) await turn()
    expect(seen).toEqual(docs.map(({ _id }) => _id))
    expect(errors).toHaveLength(450)
    await turn()
    expect(seen.slice(450)).toEqual(seen.slice(0, 200))
  })

  test('is done by a worker process, with or without children', async () => {
    await using kit = await openQuizSweeper(url)
    const { child } = await halfSpawned(kit, 4 * SECOND)
    await using worker = await spawnWorker({ url, env: { WORKER_CHILDREN: '0' } })
    await until(() => kit.state(child), { what: 'the child room' })
    expect(await worker.stop()).toBe('exit code 0')
  })
})
