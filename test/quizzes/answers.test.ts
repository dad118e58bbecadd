import { describe, expect, test } from 'bun:test'
import type { Card } from '../../shared/deck/cards.ts'
import type { QuizPayload } from '../../shared/quiz/settings.ts'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, deckFor, type Person, quickly, ruleOf } from '../kit/quiz.ts'
import { RIGHT, singles, WRONG } from '../quiz/cards.ts'
import { asks, conductorOf, isIn } from './conductor.ts'
import { at, eventsIn, times, twoProcesses } from './places.ts'

const { url, db } = useDatabase(import.meta.path)
const { foyer, someone, urls } = await twoProcesses(url)

/** Two friends whose quiz has its first question open; the host paces it. */
async function asking(cards: readonly Card[] = singles(3), more: Partial<QuizPayload> = {}) {
  const [ann, bob] = [await someone('ann'), await someone('bob, "the" = SUM(1)')]
  await befriend(ann, bob)
  const { room } = await ann.client.quiz.group.mutate({ others: [bob.id], text: 'a quiz' })
  const payload = quickly(await deckFor(db, ann.id, { cards }), { pace: 'host', questionMs: 20_000, ...more })
  await ann.client.quiz.start.mutate({ room, payload })
  const conductor = conductorOf(foyer, room, cards)
  await conductor.start()
  const control = (name: 'skip' | 'next', question = 0) =>
    ann.client.quiz.control.mutate({ room, control: { name, round: 1, question } })
  await ann.client.quiz.control.mutate({ room, control: { name: 'start', round: 1 } })
  await conductor.play('the first question', asks(0))
  return { ann, bob, room, conductor, control }
}
const answer = ({ client }: Person, room: string, value = RIGHT, question = 0, round = 1) =>
  client.quiz.answer.mutate({ room, round, question, value, reply: 'result' })
const mine = async ({ client }: Person, room: string) => (await client.quiz.get.query({ room })).game?.mine

describe('an answer', () => {
  test('the first counts, however many a player gives at once through two processes', async () => {
    const { bob, room } = await asking()
    const both = await Promise.all(urls.map((one) => at(one, bob)))
    const replies = await Promise.all(times(20).map((i) => answer(both[i % 2] ?? bob, room, i % 2 ? RIGHT : WRONG)))
    expect(replies.filter(({ result }) => JSON.stringify(result).includes('"counted":true'))).toHaveLength(1)
    const given = (await eventsIn(db, room)).filter(({ type }) => type === 'answer.given')
    expect(given).toHaveLength(1)
    expect(await mine(bob, room)).toMatchObject({ answer: given[0]?.type === 'answer.given' ? given[0].value : null })
  })

  test('a repeat under its id gets the first result, through the other process too', async () => {
    const { bob, room } = await asking()
    const id = Bun.randomUUIDv7()
    const both = await Promise.all(urls.map((one) => at(one, bob)))
    const given = { room, round: 1, question: 0, value: RIGHT, id }
    for (const [i, one] of [...both, ...both].entries())
      expect(await one.client.quiz.answer.mutate(given)).toMatchObject({
        replayed: i > 0,
        result: { counted: true, late: false },
      })
  })

  test('that comes late is kept, for 0 points, and the player sees so', async () => {
    const { ann, bob, room, conductor, control } = await asking()
    await answer(ann, room)
    await control('skip')
    await conductor.play('the reveal', isIn('reveal'))
    expect(await answer(bob, room)).toMatchObject({ result: { counted: true, late: true } })
    expect(await answer(bob, room, WRONG)).toMatchObject({ result: { counted: false } })
    expect((await eventsIn(db, room)).at(-2)).toMatchObject({ type: 'answer.given', late: true, by: bob.id })
    expect((await mine(ann, room))?.points).toBeGreaterThan(0)
    expect(await mine(bob, room)).toMatchObject({ points: 0, answer: RIGHT })
  })

  test('out of its phase, question, round, or of somebody else is a typed error', async () => {
    const { ann, bob, room, conductor, control } = await asking()
    const stranger = await someone('stranger')
    expect(await ruleOf(answer(stranger, room))).toBe('not-occupant')
    expect(await ruleOf(answer(bob, crypto.randomUUID()))).toBe('room-gone')
    expect(await ruleOf(answer(bob, room, RIGHT, 1))).toBe('question-over')
    expect(await ruleOf(answer(bob, room, RIGHT, 0, 2))).toBe('question-over')
    expect(await ruleOf(answer(bob, room, { type: 'single', choice: 7 }))).toBe('answer-mismatch')
    expect(await ruleOf(answer(bob, room, { type: 'typed', text: 'x' }))).toBe('answer-mismatch')
    await ann.client.quiz.control.mutate({ room, control: { name: 'pause' } })
    expect(await ruleOf(answer(bob, room))).toBe('wrong-phase')
    await ann.client.quiz.control.mutate({ room, control: { name: 'resume' } })
    await control('skip')
    await conductor.play('the reveal', isIn('reveal'))
    await control('next')
    await conductor.play('the scoreboard', isIn('scoreboard'))
    await control('next')
    await conductor.play('the second question', asks(1))
    expect(await ruleOf(answer(bob, room))).toBe('question-over')
    expect(await ruleOf(answer(bob, room, RIGHT, 1))).toBe('ok')
    await ann.client.quiz.terminate.mutate({ room })
    expect(await ruleOf(answer(ann, room, RIGHT, 1))).toBe('no-conductor')
  })

  test('of who joined as a spectator is not played', async () => {
    const { ann, room } = await asking(singles(3), { lateJoin: 'spectator' })
    const cem = await someone('cem')
    await befriend(ann, cem)
    await ann.client.quiz.invite.mutate({ room, user: cem.id })
    expect(await ruleOf(answer(cem, room))).toBe('not-playing')
    expect(await mine(cem, room)).toMatchObject({ spectator: true, mayAnswer: false })
  })
})

describe('the results of a round', () => {
  test('are a table, also as CSV that no spreadsheet takes for a formula, for occupants alone', async () => {
    const { ann, bob, room, conductor, control } = await asking(singles(1))
    const stranger = await someone('stranger')
    await answer(ann, room)
    await answer(bob, room, WRONG)
    await conductor.play('the reveal', isIn('reveal'))
    await control('next')
    await conductor.play('the scoreboard', isIn('scoreboard'))
    await control('next')
    await conductor.play('the end', isIn('end'))
    const { results, csv } = await bob.client.quiz.results.query({ room })
    expect(results).toMatchObject({
      round: 1,
      rows: [
        { user: ann.id, rank: 1, correct: 1 },
        { user: bob.id, rank: 2 },
      ],
    })
    const lines = csv.trimEnd().split('\r\n')
    expect(lines).toHaveLength(3)
    expect(csv).toContain(`"${bob.id.replaceAll('"', '""')}"`)
    expect(lines.every((line) => !/^"?[=+\-@]/.test(line))).toBe(true)
    expect(await ruleOf(stranger.client.quiz.results.query({ room }))).toBe('not-occupant')
    expect(await ruleOf(bob.client.quiz.results.query({ room, round: 2 }))).toBe('no-results')
    expect(await bob.client.quiz.results.query({ room, round: 1 })).toEqual({ results, csv })
  })

  test('there are none before anything was asked', async () => {
    const ann = await someone('ann')
    const { room } = await ann.client.quiz.group.mutate({ others: [], text: 'alone' })
    expect(await ruleOf(ann.client.quiz.results.query({ room }))).toBe('no-results')
  })
})
