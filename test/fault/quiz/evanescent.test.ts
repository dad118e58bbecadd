import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../../kit/mongo.ts'
import { recordEpochs } from '../../kit/quiz-epochs.ts'
import { leaseFaults, readLines, recordLeases } from '../../kit/quiz-history.ts'
import { type QuizFleet, startQuizFleet } from '../../kit/quiz-fleet.ts'
import { forgetFormer, type PlayedRoom, startPlay } from '../../kit/quiz-play.ts'
import { watch } from '../../kit/quiz.ts'
import { until } from '../../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const IS_LONG = process.env.LONG === '1'
const ROUNDS = IS_LONG ? 6 : 1
const KINDS = ['GroupEvanescent', 'GroupEvanescent', 'GroupEvanescent'] as const
const ENV = { WORKER_CHILDREN: '1' }

async function startPlace(workers: number) {
  await forgetFormer(db)
  const held = new AsyncDisposableStack()
  const fleet = held.use(await startQuizFleet({ url, db, workers, env: ENV }))
  const leases = held.use(await recordLeases(db))
  const epochs = held.use(await recordEpochs(db))
  const play = held.use(await startPlay({ fleet, db, kinds: KINDS }))
  await Promise.all(play.ids.map((room) => epochs.beganAfter(room, 0)))
  const goesOn = async (answers: number) => {
    const aim = play.answers() + answers
    await until(() => play.answers() >= aim, { what: `${answers} answers more` })
  }
  await goesOn(5)
  return { fleet, leases, epochs, play, goesOn, [Symbol.asyncDispose]: () => held.disposeAsync() }
}
type Place = Awaited<ReturnType<typeof startPlace>>

const typesOf = async (room: string) => (await readLines(db, room)).lines.map(({ event }) => event.type)
const count = (types: readonly string[], type: string) => types.filter((one) => one === type).length

/** It is over for good, and its people are back where they came from, once. */
async function isOverOnce({ room, parent, people }: PlayedRoom, { fleet, play }: Place): Promise<void> {
  const seen = play.seenIn(room)
  await until(() => seen.end === 'done', { what: 'the end of the stream', deadlineMs: 10_000 })
  expect(seen.view?.ended).toMatchObject({ reason: 'conductor-lost', returnTo: { to: 'room', room: parent } })
  const types = await typesOf(room)
  expect([count(types, 'room.ended'), count(types, 'room.returned')]).toEqual([1, 1])
  await until(async () => (await fleet.lease(room))?.status === 'ended', { what: 'the end of its lease' })
  const back = (await readLines(db, parent ?? '')).lines
  expect(back.filter(({ event }) => event.type === 'evanescent.returned' && event.child === room).length).toBe(1)
  expect(back.at(-1)?.state.occupants).toEqual(people.map(({ id }) => id))
}

/** Who asks for its conductor gets none, while workers do make others. */
async function isNeverMadeAgain(place: Place, { room, people }: PlayedRoom): Promise<void> {
  const { epoch, status } = (await place.fleet.lease(room)) ?? {}
  const [ann] = people
  if (ann === undefined) throw new Error('nobody was there')
  using seen = watch(ann, room)
  await until(() => seen.end !== null, { what: 'the end of a late stream' })
  await using other = await startPlay({ fleet: place.fleet, db, kinds: ['GroupEvanescent'] })
  for (const id of other.ids) await place.epochs.beganAfter(id, 0)
  const now = await place.fleet.lease(room)
  expect({ epoch: now?.epoch, status: now?.status }).toEqual({ epoch, status })
  expect(count(await typesOf(room), 'conductor.started')).toBe(1)
}

/** Whose child conducts the most of the rooms. */
async function busiest({ epochs, play }: Place, fleet: QuizFleet) {
  const [room = ''] = play.ids
  const row = await fleet.holder(room)
  return { ...row, rooms: play.rooms.filter((one) => epochs.heldBy(row._id).includes(one.room)) }
}

describe('F18: an evanescent room lives no longer than its conductor', () => {
  for (const how of ['SIGKILL', 'SIGSTOP'] as const)
    test(`${how}: it ends once, its people go back once, and nobody makes it again`, async () => {
      for (let i = 0; i < ROUNDS; i++) {
        await using place = await startPlace(2)
        const { fleet, leases, play } = place
        const victim = await busiest(place, fleet)
        expect(victim.rooms.length).toBeGreaterThan(0)
        process.kill(victim.pid, how)
        if (how === 'SIGSTOP') {
          // It wakes up before its supervisor takes it for stuck.
          const ended = ({ room }: PlayedRoom) => play.seenIn(room).view?.ended != null
          await until(() => victim.rooms.every(ended), { what: 'the end of its rooms', deadlineMs: 10_000 })
          process.kill(victim.pid, 'SIGCONT')
        }
        for (const room of victim.rooms) await isOverOnce(room, place)
        for (const room of victim.rooms.slice(0, 1)) await isNeverMadeAgain(place, room)
        const left = play.rooms.filter((room) => !victim.rooms.includes(room))
        for (const { room } of left) expect(count(await typesOf(room), 'room.ended')).toBe(0)
        expect(await play.judge()).toEqual([])
        expect(leaseFaults(leases.changes)).toEqual([])
      }
    }, 300_000)

  test('SIGTERM: its conductor moves', async () => {
    for (let i = 0; i < ROUNDS; i++) {
      await using place = await startPlace(1)
      const { fleet, leases, epochs, play } = place
      const [old] = fleet.workers
      await fleet.addWorker()
      const taken = epochs.takeovers(play.ids)
      await old?.stop()
      expect(Math.max(...(await taken))).toBeLessThan(4_000)
      await place.goesOn(20)
      for (const { room } of play.rooms) expect(await typesOf(room)).not.toContain('room.ended')
      expect(await play.judge()).toEqual([])
      expect(leaseFaults(leases.changes)).toEqual([])
    }
  }, 300_000)
})
