import { step } from '../../../shared/quiz/conductor/step.ts'
import { questionOf } from '../../../shared/quiz/conductor/game.ts'
import type { QuizState } from '../../../shared/quiz/state.ts'
import { entriesOf, sizeOf } from '../../../shared/quiz/table.ts'
import { singles } from '../../quiz/cards.ts'
import { deckFor, quickly } from '../../kit/quiz.ts'
import type { BenchMongo } from '../mongo.ts'
import { account, type BenchFoyer, openBenchFoyer } from './foyer.ts'

export interface AnswersOptions {
  players: number
  questions: number
}

export interface AnswersResult {
  answers: number
  perSecond: number
  /** Of each question: from the first answer sent to the last one acknowledged, ms. */
  questionMs: number[]
  /** Answers that the log's marks know. */
  stored: number
}

const CONDUCTOR = { user: 'conductor', service: true }
const RESULT = { reply: 'result' } as const

/** All players of one room answer each question at once, through one process; the conductor is stepped in between. */
export async function benchAnswers(mongo: BenchMongo, { players, questions }: AnswersOptions): Promise<AnswersResult> {
  const { url, db } = mongo.database()
  await using opened = await openBenchFoyer(url)
  const { foyer } = opened
  const { quizzes, store } = foyer
  const cards = singles(questions)
  const deck = await deckFor(db, 'player 0', { cards })
  const all = Array.from({ length: players }, (_, i) => account(`player ${i}`))
  const payload = quickly(deck, { questionMs: 60_000, silentAfter: null })
  const { room } = await quizzes.host(account('player 0'), RESULT, payload)
  const join = { type: 'join', facts: { friends: [] } } as const
  await Promise.all(all.map((one) => quizzes.run(one, RESULT, { room, command: join })))
  const { log } = quizzes
  let sent = 0
  const send = (command: Parameters<typeof log.send>[0]['command']) =>
    log.send({ room, id: `c${sent++}`, actor: CONDUCTOR, command, hash: 'c' })
  await send({ type: 'conductorStarted', epoch: 1, holder: 'bench' })
  const questionMs: number[] = []
  for (;;) {
    const state = await log.read(room)
    if (state?.game == null) throw new Error('the room has no quiz')
    const { game } = state
    const now = store.clock.now().getTime()
    if (game.phase === 'question' && sizeOf(game.given) === 0) questionMs.push(await answerAll(foyer, state, all))
    else if (game.phase === 'end') return resultOf(questionMs, state, players)
    else {
      const move = step(state, { now, cards, salt: 'salt', present: null })
      if (move.step !== null) await send({ type: 'conduct', epoch: 1, step: move.step })
    }
  }
}

async function answerAll({ quizzes, store }: BenchFoyer, { room, game }: QuizState, all: ReturnType<typeof account>[]) {
  if (game === null) return 0
  const what = { round: game.round, question: questionOf(game), value: { type: 'single', choice: 1 } } as const
  const began = performance.now()
  await Promise.all(
    all.map((one) => {
      const facts = { receivedAt: store.clock.now().getTime() }
      return quizzes.run(one, RESULT, { room, command: { type: 'answer', ...what, facts } })
    }),
  )
  return performance.now() - began
}

function resultOf(questionMs: number[], { game }: QuizState, players: number): AnswersResult {
  const marks = game === null ? [] : entriesOf(game.players).flatMap(([, player]) => player.marks)
  const answers = questionMs.length * players
  const spent = questionMs.reduce((sum, ms) => sum + ms, 0) / 1_000
  return { answers, perSecond: answers / spent, questionMs, stored: marks.filter((mark) => mark !== null).length }
}
