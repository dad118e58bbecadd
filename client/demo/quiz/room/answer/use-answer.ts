import { useState } from 'react'
import type { Answer } from '../../../../../shared/deck/answers.ts'
import type { GameView } from '../../../../../shared/quiz/view-game.ts'
import type { Quiz } from '../../../../quiz/types.ts'
import { forgetGiven, isPlain, keepGiven, recallGiven } from '../given.ts'
import { useAct } from '../use-act.ts'

/** How an own answer stands. `open`: it may be given; `given`: it counts; `closed`: none is taken now. */
export type AnswerState = 'open' | 'sending' | 'given' | 'closed'

/** An own answer to the newest question, in the positions that its player sees. */
export function useAnswer(quiz: Quiz, { round, question, mine }: GameView) {
  const at = { round, question }
  const [remembered, remember] = useState(() => recallGiven(quiz.id, quiz.user, at))
  const [draft, setDraft] = useState<Answer | null>(remembered)
  const { isBusy, trouble, act, say } = useAct()
  const counted = mine?.answer ?? null
  const state: AnswerState =
    counted !== null ? 'given' : isBusy ? 'sending' : mine?.mayAnswer === true ? 'open' : 'closed'
  // An answer of another tab is not what this one remembers; where the order does not matter it can be shown.
  const given = counted === null ? null : isPlain(counted) ? counted : remembered

  const send = (value: Answer) =>
    act(async () => {
      keepGiven(quiz.id, quiz.user, { ...at, value })
      remember(value)
      const said = await quiz.answer(value, at)
      if (said.counted) return
      forgetGiven(quiz.id, quiz.user)
      remember(null)
      say('Another answer of yours was there before, and that one counts.')
    })

  return { state, given, draft, setDraft, send, trouble }
}
