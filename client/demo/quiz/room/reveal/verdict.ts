import type { GameView, QuestionView } from '../../../../../shared/quiz/view-game.ts'

/** What became of an own answer, in words; null: nothing to say. */
export interface Verdict {
  tone: 'right' | 'partly' | 'wrong' | 'neutral'
  words: string
  points: number
  /** Right answers in a row, from two on. */
  streak: number
}

const PERCENT = 100

/** For the newest question, once its key is shown. */
export function verdictOf({ mine, asked }: GameView): Verdict | null {
  if (mine === null || mine.spectator || asked === null || asked.key === null) return null
  const { mark, streak } = mine
  const none = { points: 0, streak: 0 }
  if (mark === null) return missing(asked, mine.mayAnswer || mine.answer !== null)
  if (mark.late) return { tone: 'wrong', words: 'Too late: that is worth no points.', ...none }
  if (mark.credit === null) return { tone: 'neutral', words: 'Thank you for your vote.', ...none }
  const { points } = mark
  const gained = { points, streak: streak > 1 ? streak : 0 }
  if (asked.card.type === 'flash-card')
    return { tone: 'neutral', words: mark.credit === 1 ? 'You knew it.' : 'Next time, then.', ...gained }
  if (mark.credit === 1) return { tone: 'right', words: 'Right!', ...gained }
  if (mark.credit > 0) return { tone: 'partly', words: `${Math.round(mark.credit * PERCENT)} % right.`, ...gained }
  return { tone: 'wrong', words: 'Not right.', ...none }
}

/** Pages want no answer, and who may still give one has not missed it. */
const missing = ({ card }: QuestionView, isPending: boolean): Verdict | null =>
  card.type === 'info' || isPending ? null : { tone: 'neutral', words: 'You gave no answer.', points: 0, streak: 0 }

/** The page is in English, wherever its reader is. */
export const inDigits = (points: number): string => points.toLocaleString('en')
export const pointsWords = (points: number): string => `${inDigits(points)} ${points === 1 ? 'point' : 'points'}`
