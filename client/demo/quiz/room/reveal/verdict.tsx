import type { GameView } from '../../../../../shared/quiz/view-game.ts'
import { pointsWords, verdictOf } from './verdict.ts'

/** Right or wrong, with what it brought. */
export function VerdictLine({ game }: { game: GameView }) {
  const verdict = verdictOf(game)
  if (verdict === null) return null
  const { tone, words, points, streak } = verdict
  return (
    <p className="verdict" data-testid="verdict" data-tone={tone}>
      <b>{words}</b>
      {points > 0 && <span className="gain">+{pointsWords(points)}</span>}
      {streak > 0 && <span className="streak">{streak} right in a row</span>}
    </p>
  )
}
