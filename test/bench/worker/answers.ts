import { MongoClient } from 'mongodb'
import { parseEnv } from '../../../server/env.ts'
import { createFoyer } from '../../../server/foyer.ts'
import { createLog } from '../../../server/log.ts'
import { createServices } from '../../../server/services.ts'
import { connectStore } from '../../../server/store/connect.ts'
import { step } from '../../../shared/quiz/conductor/step.ts'
import type { Account } from '../../../server/accounts.ts'
import { questionOf } from '../../../shared/quiz/conductor/game.ts'
import { sizeOf } from '../../../shared/quiz/table.ts'
import { singles } from '../../quiz/cards.ts'
import { deckFor, quickly } from '../../kit/quiz.ts'

export interface AnswersOptions {
  players: number
  questions: number
}

export interface AnswersResult {
  answers: number
  perSecond: number
  /** Of one question: from the first answer sent to the last one acknowledged, ms. */
  questionMs: number[]
  /** Answers in the log, of those that were acknowledged. */
  stored: number
}

const CONDUCTOR = { user: 'conductor', service: true }
const account = (id: string): Account => ({ id, name: id, role: 'user', expiresAt: null })

/** All players of one room answer each question at once, twice, through one process; the conductor is stepped in between. */
export async function benchAnswers(url: string, { players, questions }: AnswersOptions): Promise<AnswersResult> {
  const shutdown = new AbortController()
  const store = await connectStore({ url, appName: 'bench', onError: () => {} })
  const env = parseEnv({ MODE: 'development', RATE_PER_USER: '0', RATE_PER_ROOM: '0' })
  const services = await createServices({ env, log: createLog('bench', 'silent'), store, shutdown: shutdown.signal })
  const foyer = createFoyer(services)
  const mongo = await MongoClient.connect(url)
  const cards = singles(questions)
  const deck = await deckFor(mongo.db(), 'player 0', { cards })
  const { quizzes } = foyer
  const owner = account('player 0')
  const payload = quickly(deck, { questionMs: 60_000, pace: 'own', silentAfter: null })
  const { room } = await quizzes.host(owner, { reply: 'result' }, payload)
  const all = Array.from({ length: players }, (_, i) => account(`player ${i}`))
  const join = { type: 'join', facts: { friends: [] } } as const
  await Promise.all(all.map((one) => quizzes.run(one, { reply: 'result' }, { room, command: join })))
  const { log } = quizzes
  let sent = 0
  const send = (command: Parameters<typeof log.send>[0]['command']) =>
    log.send({ room, id: `c${sent++}`, actor: CONDUCTOR, command, hash: 'c' })
  await send({ type: 'conductorStarted', epoch: 1, holder: 'bench' })
  const result: AnswersResult = { answers: 0, perSecond: 0, questionMs: [], stored: 0 }
  const now = () => store.clock.now().getTime()
  for (;;) {
    const state = await log.read(room)
    if (state === null || state.game === null) throw new Error('no game')
    const { game } = state
    if (game.phase === 'question' && sizeOf(game.given) === 0) {
      const began = performance.now()
      const input = { round: game.round, question: questionOf(game), value: { type: 'single', choice: 1 } } as const
      await Promise.all(
        all.map((one) => {
          const command = { type: 'answer', ...input, facts: { receivedAt: now() } } as const
          return quizzes.run(one, { reply: 'result' }, { room, command })
        }),
      )
      result.questionMs.push(performance.now() - began)
      result.answers += players
      continue
    }
    if (game.phase === 'end') {
      for (const asked of game.players.flat()) result.stored += asked[1].marks.filter((mark) => mark !== null).length
      break
    }
    const move = step(state, { now: now(), cards, salt: 'salt', present: null })
    if (move.step !== null) await send({ type: 'conduct', epoch: 1, step: move.step })
  }
  result.perSecond = result.answers / (result.questionMs.reduce((sum, ms) => sum + ms, 0) / 1_000)
  foyer.metrics.stop()
  shutdown.abort()
  await foyer.close()
  await store.close()
  await mongo.close()
  return result
}

if (import.meta.main) {
  const { benchMongo } = await import('../mongo.ts')
  await using mongo = await benchMongo()
  const { perSecond, ...rest } = await benchAnswers(mongo.database().url, { players: 1_000, questions: 20 })
  console.log(perSecond, rest)
}
