import { beforeEach, describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { until } from '../kit/until.ts'
import { RIGHT } from '../quiz/cards.ts'
import { CARDS, isType, openConducting } from './conduct-kit.ts'

const database = useDatabase(import.meta.path)
const kit = await openConducting(database)
beforeEach(() => database.db.collection('leases').deleteMany({}))

/** Answers each question as it comes, until the room has no more. */
async function play(room: string, name = 'ann'): Promise<number> {
  let answered = 0
  await until(
    async () => {
      const { game, ended } = await kit.state(room)
      if (ended !== null) return true
      if (game?.phase !== 'question' || game.asked.length <= answered) return false
      const { round } = game
      const facts = { receivedAt: Date.now() }
      await kit.send(room, { type: 'answer', round, question: answered++, value: RIGHT, facts }, name)
      return false
    },
    { what: 'the end of the quiz', deadlineMs: 15_000 },
  )
  return answered
}

describe('a process that runs conductors', () => {
  test('plays an evanescent quiz from its lobby to its end, and its lease ends with it', async () => {
    const process = await kit.start()
    const room = await kit.make('solo')
    expect(await play(room)).toBe(CARDS.length)
    const { ended } = await kit.state(room)
    expect(ended).toMatchObject({ reason: 'finished', returnTo: { to: 'deck', occupants: ['ann'] } })
    await until(async () => (await kit.lease(room))?.status === 'ended', { what: 'the end of the lease' })
    expect(process.conductors.size()).toBe(0)
    expect(process.conductors.healthy()).toBe(true)
    const lines = await kit.lines(room)
    expect(lines.filter(isType('conductor.started'))).toMatchObject([{ epoch: 1 }])
    expect(lines.filter(isType('question.revealed')).map(({ why }) => why)).toEqual(CARDS.map(() => 'answered'))
    const salts = lines.filter(isType('round.started')).map(({ salt }) => salt)
    expect(salts).toHaveLength(1)
    expect(await process.metrics()).toContain('foyer_lease_claims_total{from="wanted",outcome="won"} 1')
    await process.conductors.stop()
  })

  test('reveals what nobody answers when its time is over, and does not wait for those who are not there', async () => {
    const process = await kit.start()
    const room = await kit.make('group', { questionMs: 2_000 })
    await kit.watched(room, ['ann'])
    const opened = await until(async () => (await kit.lines(room)).find(isType('question.opened')), {
      what: 'a question',
    })
    const facts = { receivedAt: Date.now() }
    await kit.send(room, { type: 'answer', round: 1, question: 0, value: RIGHT, facts })
    const revealed = () => kit.lines(room).then((lines) => lines.filter(isType('question.revealed')))
    await until(async () => (await revealed()).length === 2, { what: 'two reveals' })
    const [first, second] = await revealed()
    expect(first).toMatchObject({ why: 'answered' })
    expect((first?.at ?? 0) - opened.at).toBeLessThan(1_500)
    expect(second).toMatchObject({ why: 'deadline' })
    await process.conductors.stop()
  })

  test('lets a perpetual conductor sleep that nobody watches, and wakes it when it is wanted', async () => {
    const process = await kit.start({ DORMANT_MS: 700 })
    const room = await kit.make('group', { pace: 'host', lobbyMs: 0 })
    await until(async () => (await kit.lease(room))?.status === 'released', { what: 'the sleep' })
    const asleep = await kit.lines(room)
    expect(asleep.filter(isType('conductor.released'))).toMatchObject([{ epoch: 1, why: 'dormant' }])
    expect((await kit.state(room)).conductor).toMatchObject({ epoch: 1, holder: null })
    expect(process.conductors.size()).toBe(0)
    await kit.watched(room, ['ann'])
    await kit.want(room)
    await until(async () => (await kit.state(room)).conductor.epoch === 2, { what: 'its waking' })
    await process.conductors.stop()
  })

  test('stays awake as long as somebody watches', async () => {
    const process = await kit.start({ DORMANT_MS: 700 })
    const room = await kit.make('group', { pace: 'host' })
    await kit.watched(room, ['ann'])
    const since = performance.now()
    await until(
      async () => {
        if (performance.now() - since > 1_600) return true
        await kit.watched(room, ['ann'])
        return false
      },
      { what: 'a while' },
    )
    expect((await kit.state(room)).conductor.holder).not.toBeNull()
    await kit.watched(room, [])
    await until(async () => (await kit.lease(room))?.status === 'released', { what: 'the sleep' })
    await process.conductors.stop()
  })

  test('gives up a conductor that was terminated, and takes the next one', async () => {
    const process = await kit.start()
    const room = await kit.make('group', { pace: 'host' })
    await until(async () => (await kit.state(room)).conductor.epoch === 1, { what: 'the conductor' })
    const { conductor } = await kit.state(room)
    await kit.send(room, { type: 'terminate' })
    await kit.send(room, { type: 'startConductor', payload: conductor.payload ?? raise(), facts: { deck: DECK } })
    await kit.want(room)
    await until(async () => (await kit.state(room)).conductor.epoch === 2, { what: 'the next conductor' })
    await kit.send(room, { type: 'terminate' })
    await until(async () => (await kit.lease(room))?.status === 'released', { what: 'no conductor' })
    expect(process.conductors.size()).toBe(0)
    await process.conductors.stop()
  })

  test('does not take what its capacity has no place for', async () => {
    const process = await kit.start({}, { capacity: 2 })
    await Promise.all(Array.from({ length: 4 }, () => kit.make('group', { pace: 'host' })))
    await until(() => process.conductors.size() === 2, { what: 'two conductors' })
    const other = await kit.start()
    await until(() => other.conductors.size() === 2, { what: 'the other two elsewhere' })
    expect(process.conductors.size()).toBe(2)
    await process.conductors.stop()
    await until(() => other.conductors.size() === 4, { what: 'all of them elsewhere' })
    await other.conductors.stop()
  })
})

const DECK = { id: 'deck-1', owner: 'ann', playable: true }
const raise = (): never => {
  throw new Error('the conductor has no payload')
}
