import type { GameView } from '../../../../../shared/quiz/view-game.ts'
import { rankWords } from './standings.tsx'
import { verdictOf } from '../reveal/verdict.ts'

/** What is shown of a quiz: its phase, and in a pause what lies under it. */
export type Scene = 'lobby' | 'question' | 'reveal' | 'scoreboard' | 'end'

/** A view does not say what a pause hides, but what it shows of the question does. */
export function sceneOf({ phase, asked }: GameView): Scene {
  if (phase !== 'pause') return phase
  if (asked === null) return 'lobby'
  return asked.key === null ? 'question' : 'reveal'
}

/** Where in the round it is. */
export function placeWords({ round, question, questions, asked }: GameView): string {
  return asked === null ? `Round ${round}` : `Question ${question + 1} of ${questions}`
}

/** What a listener hears when the phase changes. */
export function announcement(game: GameView): string {
  const { asked, phase } = game
  const scene = sceneOf(game)
  const paused = phase === 'pause' ? 'Paused. ' : ''
  if (scene === 'lobby') return `${paused}Round ${game.round} begins soon.`
  if (scene === 'question') return `${paused}${placeWords(game)}: ${asked?.card.prompt ?? ''}`
  if (scene === 'reveal') return `${paused}The answer is shown. ${verdictOf(game)?.words ?? ''}`
  return `${scene === 'end' ? 'The round is over.' : 'The standings.'} ${rankWords(game) ?? ''}`
}

/** What the countdown leads to. */
export const UNTIL: Readonly<Record<Scene, string>> = {
  lobby: 'Until the first question',
  question: 'Time left to answer',
  reveal: 'Until it goes on',
  scoreboard: 'Until the next question',
  end: 'Until it goes on',
}

/** What a phase waits for that has no time. */
export const WAITS: Readonly<Record<Scene, string>> = {
  lobby: 'Waits for a host to start.',
  question: '',
  reveal: 'Waits for a host to go on.',
  scoreboard: 'Waits for a host to go on.',
  end: 'Waits for a host to start another round.',
}
