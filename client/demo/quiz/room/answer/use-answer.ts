import { useState } from 'react'
import type { Answer } from '../../../../../shared/deck/answers.ts'
import type { GameView } from '../../../../../shared/quiz/view-game.ts'
import type { Quiz } from '../../../../quiz/types.ts'
import { useAct } from '../use-act.ts'

/** How an own answer stands. `open`: it may be given; `given`: it counts; `closed`: none is taken now. */
export type AnswerState = 'open' | 'sending' | 'given' | 'closed'

/** An own answer to the newest question, in the positions that its player sees. */
export function useAnswer(quiz: Quiz, { round, question, mine }: GameView) {
  const at = { round, question }
  const given = mine?.answer ?? null
  const [draft, setDraft] = useState<Answer | null>(null)
  const { isBusy, trouble, act, say } = useAct()
  const state: AnswerState =
    given !== null ? 'given' : isBusy ? 'sending' : mine?.mayAnswer === true ? 'open' : 'closed'

  const send = (value: Answer) =>
    act(async () => {
      const said = await quiz.answer(value, at)
      if (!said.counted) say('Another answer of yours was there before, and that one counts.')
    })

  return { state, given, draft, setDraft, send, trouble }
}
