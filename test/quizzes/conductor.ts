import { setTimeout as pause } from 'node:timers/promises'
import type { Foyer } from '../../server/foyer.ts'
import type { Card } from '../../shared/deck/cards.ts'
import type { QuizCommand } from '../../shared/quiz/commands.ts'
import { step } from '../../shared/quiz/conductor/step.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { RuleError } from '../../shared/rules.ts'
import { until } from '../kit/until.ts'
import { singles } from '../quiz/cards.ts'

/** Who conducts in tests: what a worker does, by hand. */
export const CONDUCTOR = { user: 'conductor', service: true } as const

/** A room's conductor, which acts only when it is told to. */
export function conductorOf({ quizzes, store }: Foyer, room: string, cards: readonly Card[] = singles(3)) {
  let epoch = 0
  let sent = 0
  const holder = crypto.randomUUID()

  const state = async (): Promise<QuizState> => {
    const found = await quizzes.log.read(room)
    if (found === null) throw new Error(`there is no room ${room}`)
    return found
  }
  const send = (command: QuizCommand, id = `${holder} ${++sent}`) =>
    quizzes.log.send({ room, id, actor: CONDUCTOR, command, hash: command.type })

  /** Takes the room under the next epoch. */
  const start = async () => {
    epoch = (await state()).conductor.epoch + 1
    await send({ type: 'conductorStarted', epoch, holder })
  }

  /** One step, if there is one to do now. */
  const act = async (): Promise<boolean> => {
    const now = store.clock.now().getTime()
    const move = step(await state(), { now, cards, salt: `salt ${sent}`, present: null })
    if (move.step === null) return false
    await send({ type: 'conduct', epoch, step: move.step }).catch((error: unknown) => {
      // Somebody else was quicker: it looks again.
      if (!(error instanceof RuleError && error.rule === 'version-conflict')) throw error
    })
    return true
  }

  /** Conducts until the room is as it says. */
  const play = (what: string, holds: (state: QuizState) => boolean, deadlineMs = 10_000) =>
    until(
      async () => {
        const now = await state()
        if (holds(now)) return now
        if (await act()) return false
        await pause(2)
        return false
      },
      { what, deadlineMs },
    )

  return { start, act, play, send, state }
}
export type TestConductor = ReturnType<typeof conductorOf>

/** The room has this question open. */
export const asks =
  (question: number, round = 1) =>
  ({ game }: QuizState) =>
    game?.round === round && game.phase === 'question' && game.asked.length === question + 1

/** The room is in this phase of the game. */
export const isIn =
  (phase: NonNullable<QuizState['game']>['phase'], question?: number) =>
  ({ game }: QuizState) =>
    game?.phase === phase && (question === undefined || game.asked.length === question + 1)
