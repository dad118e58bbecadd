import type { GameView } from '../../../../../shared/quiz/view-game.ts'
import type { QuizView } from '../../../../../shared/quiz/view.ts'

/** What this viewer has to know of how the quiz, or they themselves, stand. */
export function Notes({ view, game: { phase, mine } }: { view: QuizView; game: GameView }) {
  const isAwake = view.conductor?.awake ?? true
  const isRunning = phase !== 'lobby' && phase !== 'end'
  return (
    <>
      {!isAwake && (
        <p className="notice waking" role="status" data-testid="dormant">
          The quiz wakes up, now that somebody is here …
        </p>
      )}
      {phase === 'pause' && (
        <p className="notice" role="status" data-testid="paused">
          Paused. The time stands still.
        </p>
      )}
      {mine?.spectator === true && isRunning && (
        <p className="notice" data-testid="spectator">
          You came in mid-round: you look on, and play in the next one.
        </p>
      )}
      {mine?.warned === true && (
        <p className="notice wrong" role="alert" data-testid="warned">
          Are you still there? Answer the next question, or your seat is given up.
        </p>
      )}
    </>
  )
}
