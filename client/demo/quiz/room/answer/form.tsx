import { type SubmitEvent, useRef } from 'react'
import type { GameView, QuestionView } from '../../../../../shared/quiz/view-game.ts'
import type { Quiz } from '../../../../quiz/types.ts'
import { Trouble } from '../../parts/trouble.tsx'
import { answerIn, choose, Fields } from './fields.tsx'
import { type AnswerState, useAnswer } from './use-answer.ts'
import { useKeys } from './use-keys.ts'

export interface AnswerFormProps {
  quiz: Quiz
  game: GameView
  asked: QuestionView
}

/** The own answer to the newest question: to be given, or as it was given. */
export function AnswerForm({ quiz, game, asked: { card } }: AnswerFormProps) {
  const { state, given, draft, setDraft, send, trouble } = useAnswer(quiz, game)
  const form = useRef<HTMLFormElement>(null)
  const isOpen = state === 'open'
  const value = given ?? draft
  const answer = answerIn(card, value)
  useKeys({ form, isOpen, choose: (nth) => choose({ card, value, onValue: setDraft }, nth) })
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (isOpen && answer !== null) void send(answer)
  }
  return (
    <form className="answer" ref={form} onSubmit={submit} data-testid="answer" data-state={state}>
      <Fields {...{ card, isOpen }} value={value} onValue={setDraft} />
      <Trouble words={trouble} />
      <div className="row send">
        {state === 'open' || state === 'sending' ? (
          <>
            <button type="submit" className="main" disabled={!isOpen || answer === null}>
              {state === 'sending' ? 'Sending …' : 'Send answer'}
            </button>
            <p className="dim keys">{HINTS[card.type] ?? ''}</p>
          </>
        ) : (
          <p className={state === 'given' ? 'given' : 'dim'} role="status">
            {wordsOf(state, game)}
          </p>
        )}
      </div>
    </form>
  )
}

const DIGITS = 'A digit chooses, Enter sends.'
const HINTS: Partial<Record<QuestionView['card']['type'], string>> = {
  single: DIGITS,
  multiple: 'Digits choose, Enter sends.',
  poll: DIGITS,
  'true-false': DIGITS,
  'flash-card': DIGITS,
  typed: 'Enter sends.',
  slider: 'Arrows move, Enter sends.',
  ordering: 'Drag, or move by the arrows.',
}

function wordsOf(state: AnswerState, { phase, mine }: GameView): string {
  if (state === 'given') return 'Your answer is in.'
  if (mine === null) return 'You look on: who is not in the room answers nothing.'
  if (mine.spectator) return 'You look on, and play in the next round.'
  return phase === 'pause' ? 'No answers are taken while it is paused.' : 'You play from the next question on.'
}
