import { unshuffled } from '../../../../../shared/deck/shuffle.ts'
import { CONTROLS } from '../../../../../shared/quiz/controls.ts'
import type { GameView, QuestionView } from '../../../../../shared/quiz/view-game.ts'
import type { Quiz } from '../../../../quiz/types.ts'
import { AnswerForm } from '../answer/form.tsx'
import { Key } from '../reveal/key.tsx'
import { VerdictLine } from '../reveal/verdict.tsx'
import { Trouble } from '../../parts/trouble.tsx'
import { useAct } from '../use-act.ts'

export interface RevealProps {
  quiz: Quiz
  game: GameView
  asked: QuestionView
  isHost: boolean
}

/** A question with its key. A host may take a typed answer as right after all. */
export function Reveal({ quiz, game, asked, isHost }: RevealProps) {
  const { trouble, act } = useAct()
  const { key, answered } = asked
  if (key === null) return null
  const { round, question, phase, mine } = game
  const mayAccept = isHost && CONTROLS.accept[phase] === 'does'
  const accept = (value: string) => void act(() => quiz.control({ name: 'accept', round, question, value }))
  const asksGrade = asked.card.type === 'flash-card' && phase === 'reveal' && mine !== null && !mine.spectator
  const { explanation } = key.card
  return (
    <>
      <VerdictLine game={game} />
      <Key
        view={key}
        mine={mine?.answer == null ? null : unshuffled(mine.answer, key.order)}
        answered={answered}
        onAccept={mayAccept ? accept : undefined}
      />
      {asksGrade && (
        <div className="grade">
          <p>How well did you know it?</p>
          <AnswerForm {...{ quiz, game, asked }} />
        </div>
      )}
      <Trouble words={trouble} />
      {explanation !== '' && (
        <p className="explanation" data-testid="explanation">
          {explanation}
        </p>
      )}
    </>
  )
}
