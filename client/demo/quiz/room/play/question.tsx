import type { GameView, QuestionView } from '../../../../../shared/quiz/view-game.ts'
import type { Quiz } from '../../../../quiz/types.ts'
import { AnswerForm } from '../answer/form.tsx'

export interface QuestionProps {
  quiz: Quiz
  game: GameView
  asked: QuestionView
}

/** The open question. Pages are read, and flash cards are answered after their other side was shown. */
export function Question({ quiz, game, asked }: QuestionProps) {
  const { type } = asked.card
  if (type === 'info') return <p className="dim">Read on: it goes on by itself.</p>
  if (type === 'flash-card') return <p className="dim">Think of what is on the other side. It is shown next.</p>
  return <AnswerForm {...{ quiz, game, asked }} />
}

const KINDS: Partial<Record<QuestionView['card']['type'], string>> = {
  multiple: 'Choose all that are right',
  typed: 'Type the answer',
  ordering: 'Put them in order',
  slider: 'Where on the scale?',
  poll: 'A vote: nothing is wrong',
  'flash-card': 'Flash card',
  info: 'To read',
}

/** What is asked. Its heading takes the focus where a form that had it is gone. */
export function Prompt({ asked: { card } }: { asked: QuestionView }) {
  const kind = KINDS[card.type]
  return (
    <div className="prompt">
      {kind !== undefined && <p className="dim">{kind}</p>}
      <h3 tabIndex={-1} data-testid="prompt">
        {card.prompt}
      </h3>
    </div>
  )
}
