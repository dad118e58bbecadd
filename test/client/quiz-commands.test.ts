import { describe, expect, test } from 'bun:test'
import type { Quiz } from '../../client/quiz/types.ts'
import { RuleError } from '../../shared/rules.ts'
import { until } from '../kit/until.ts'
import { RIGHT, singles, WRONG } from '../quiz/cards.ts'
import { user } from '../quiz/memory.ts'
import { conducted, DECK, group, hosted, type Opening, ROOM } from '../quiz/rooms.ts'
import type { Fate } from './fake-way.ts'
import { FakeQuizLink } from './fake-quiz-link.ts'
import type { FakeQuizzes } from './fake-quiz.ts'
import { openedBy, openedQuiz } from './opened-quiz.ts'

const logOf = ({ rooms }: FakeQuizzes) => rooms.get(ROOM)?.events ?? []
const typesOf = (quizzes: FakeQuizzes) => logOf(quizzes).map(({ type }) => type)
const sentTo = ({ calls }: FakeQuizzes, path: string) => calls.filter((call) => call.path === path)
const ruleOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    ({ rule }) => rule,
  )

/** A question is open. */
async function asking(opening: Opening = {}) {
  const settings = { lobbyMs: 0, questionMs: 60_000, silentAfter: null, ...opening.settings }
  const opened = await openedQuiz(hosted({ guests: ['bob', 'cy'], cards: singles(2), ...opening, settings }), 'bob')
  opened.quizzes.inRoom(ROOM, (room) => room.run())
  await until(() => opened.quiz.view.game?.phase === 'question', { what: 'the question' })
  return opened
}

/** Loses, or doubles, the first of each call as it says. */
function flaky(link: FakeQuizLink, fate: Fate): void {
  const seen = new Set<string>()
  link.fate = ({ path, input }) => {
    const key = `${path} ${JSON.stringify(input.id)}`
    if (input.id === undefined || seen.has(key)) return 'pass'
    seen.add(key)
    return fate
  }
}

const COMMANDS: readonly [string, (quiz: Quiz) => Promise<unknown>, string][] = [
  ['invite', (quiz) => quiz.invite('cy'), 'occupant.added'],
  ['message', (quiz) => quiz.message('words', { proposal: { cards: 10 } }), 'message.published'],
  ['start', (quiz) => quiz.start({ deck: DECK }), 'conductor.wanted'],
  ['spawn', (quiz) => quiz.spawn({ deck: DECK }), 'evanescent.spawned'],
  ['leave', (quiz) => quiz.leave(), 'occupant.left'],
]

describe.each(['pass', 'lose-request', 'lose-reply', 'twice'] as const)('over a network that does "%s"', (fate) => {
  test.each(COMMANDS)('%s is done once, under one id', async (path, run, event) => {
    const { quiz, quizzes, link } = await openedQuiz(group('bob'))
    const before = typesOf(quizzes).length
    flaky(link, fate)
    await run(quiz)
    expect(typesOf(quizzes).slice(before).join()).toBe(event)
    expect(new Set(sentTo(quizzes, path).map(({ input }) => input.id)).size).toBe(1)
    // The stream tells of an own leave before a repeat could.
    expect(sentTo(quizzes, path)).toHaveLength(fate === 'lose-reply' && path !== 'leave' ? 2 : 1)
    if (path !== 'leave') expect(quiz.view).toEqual(quizzes.view(ROOM, 'ann'))
  })

  test('an answer is given once, and all who ask hear the same of it', async () => {
    const { quiz, quizzes, link } = await asking()
    flaky(link, fate)
    const both = await Promise.all([quiz.answer(RIGHT), quiz.answer(WRONG)])
    expect(both).toEqual([
      { counted: true, late: false },
      { counted: true, late: false },
    ])
    expect(await quiz.answer(WRONG)).toEqual({ counted: true, late: false })
    expect(quiz.view.game?.mine?.answer).toEqual(RIGHT)
    expect(quiz.view.game?.mine?.mayAnswer).toBe(false)
    expect(logOf(quizzes).filter(({ type }) => type === 'answer.given')).toMatchObject([{ by: 'bob', value: RIGHT }])
    expect(typesOf(quizzes)).not.toContain('command.noted')
  })
})

describe('a question', () => {
  test('is not changed by 20 reloads of a player`s page', async () => {
    const { quiz, quizzes } = await asking()
    await quiz.answer(RIGHT)
    quiz.close()
    const before = JSON.stringify(logOf(quizzes))
    for (let i = 0; i < 20; i++) {
      const { quiz: again } = await openedBy(new FakeQuizLink(quizzes, 'bob'))
      expect(again.view.game?.mine).toMatchObject({ answer: RIGHT, mayAnswer: false })
      again.close()
    }
    expect(JSON.stringify(logOf(quizzes))).toBe(before)
  })

  test('that was answered before a reload takes no other answer: who tries hears that the first counts', async () => {
    const { quiz, quizzes, link } = await asking()
    // The page goes away before it hears of its answer.
    link.fate = () => 'lose-reply'
    const lost = ruleOf(quiz.answer(RIGHT))
    await until(() => typesOf(quizzes).includes('answer.given'), { what: 'the answer is in the log' })
    quiz.close()
    expect(await lost).toBe('aborted')
    const { quiz: again } = await openedBy(new FakeQuizLink(quizzes, 'bob'))
    expect(await again.answer(WRONG)).toEqual({ counted: false, late: false })
    expect(again.view.game?.mine?.answer).toEqual(RIGHT)
  })

  test('that is over, or of another round, takes none; a refused answer may be given again', async () => {
    const { quiz, quizzes } = await asking()
    expect(await ruleOf(quiz.answer({ type: 'typed', text: 'no' }))).toBe('answer-mismatch')
    expect(await ruleOf(quiz.answer(RIGHT, { round: 1, question: 1 }))).toBe('question-over')
    expect(await ruleOf(quiz.answer(RIGHT, { round: 2, question: 0 }))).toBe('question-over')
    expect(await quiz.answer(RIGHT)).toMatchObject({ counted: true })
    expect(sentTo(quizzes, 'answer').map(({ input }) => input.question)).toEqual([0, 1, 0, 0])
  })

  test('of a room without a quiz is none', async () => {
    const { quiz } = await openedQuiz(group('bob'))
    expect(await ruleOf(quiz.answer(RIGHT))).toBe('no-conductor')
  })

  test('shows how many have answered, and not what', async () => {
    const { quiz, quizzes } = await asking()
    quizzes.inRoom(ROOM, (room) => room.answer('cy', WRONG))
    await until(() => quiz.counts?.answered === 1, { what: 'the count' })
    expect(quiz.counts).toEqual({ round: 1, question: 0, answered: 1, of: 3 })
    expect(JSON.stringify(quiz.snapshot)).not.toContain('"choice"')
  })
})

describe('commands', () => {
  test('are done in the order in which they were asked for, over outages', async () => {
    const { quiz, link } = await openedQuiz(group('bob'))
    let calls = 0
    link.fate = () => (['lose-request', 'pass', 'lose-reply', 'pass'] as const)[calls++ % 4] ?? 'pass'
    await Promise.all(['1', '2', '3', '4', '5', '6'].map((words) => quiz.message(words)))
    expect(quiz.view.messages.map((one) => one.text)).toEqual(['hello', '1', '2', '3', '4', '5', '6'])
  })

  test('that are refused say by which rule, and keep nobody waiting', async () => {
    const { quiz } = await openedQuiz(group('bob'))
    const refused = [quiz.terminate(), quiz.control({ name: 'pause' })].map(ruleOf)
    await quiz.message('after')
    expect(await Promise.all(refused)).toEqual(['no-conductor', 'no-conductor'])
    await quiz.start({ deck: DECK })
    expect(await ruleOf(quiz.start({ deck: DECK }))).toBe('conductor-running')
    expect(quiz.view.conductor?.payload.deck).toBe(DECK)
    await quiz.terminate()
    expect(quiz.view.conductor).toBeNull()
  })

  test('that a limit holds up are waited for', async () => {
    const { quiz, quizzes } = await openedQuiz(group('bob'))
    let left = 2
    quizzes.refusal = () => (left-- > 0 ? new RuleError('rate-limited', { retryAfterMs: 5 }) : null)
    await quiz.message('patient')
    expect(quiz.view.messages.at(-1)?.text).toBe('patient')
  })

  test('of hosts who press the same button are done once', async () => {
    const ann = await openedQuiz(conducted({ guests: ['bob'], settings: { pace: 'host' } }))
    const bob = await openedQuiz(ann.quizzes, 'bob')
    await Promise.all([ann, bob].map(({ quiz }) => quiz.control({ name: 'start', round: 1 })))
    expect(typesOf(ann.quizzes).filter((type) => type === 'control.given')).toHaveLength(1)
  })

  test('go with the right time where the local clock is hours off', async () => {
    const { quiz, quizzes } = await openedQuiz(group('bob'))
    quizzes.skewMs = -5 * 3_600_000
    await quiz.message('on time')
    expect(sentTo(quizzes, 'message')).toHaveLength(2)
    expect(Math.abs(quiz.now() - quizzes.now())).toBeLessThan(1_000)
    await quiz.message('again')
    expect(sentTo(quizzes, 'message')).toHaveLength(3)
  })

  test('by a service are for the user whom it names', async () => {
    const { quiz, quizzes } = await openedQuiz(group('bob'), 'bob', { as: 'bob' })
    expect([quiz.user, sentTo(quizzes, 'me')]).toEqual(['bob', []])
    await quiz.message('for bob')
    expect(sentTo(quizzes, 'message')).toMatchObject([{ input: { as: 'bob' } }])
    expect(logOf(quizzes).at(-1)).toMatchObject({ by: user('bob').user })
  })
})
