import { type Control, type ControlName, CONTROLS } from '../../../../../shared/quiz/controls.ts'
import type { GameView } from '../../../../../shared/quiz/view-game.ts'
import type { QuizView } from '../../../../../shared/quiz/view.ts'

/** More time for an open question, ms. */
const EXTRA_MS = 15_000

/** A control that acts now, as the button that gives it. */
export interface Button {
  control: Control
  words: string
  isMain?: boolean
}

const does = (name: ControlName, { phase }: GameView) => CONTROLS[name][phase] === 'does'

/**
 * The controls that act now, by the one table (shared/quiz/controls.ts), for who hosts. An evanescent quiz has one round. `end`, which
 * cannot be taken back, is asked about apart.
 */
export function buttonsOf({ kind, role }: QuizView, game: GameView): Button[] {
  if (role !== 'host') return []
  const { round, question, phase, asked } = game
  const at = { round, question }
  const isOpen = asked !== null && asked.key === null
  const buttons: (Button | false)[] = [
    does('start', game) &&
      (phase === 'end'
        ? kind !== 'GroupEvanescent' && {
            control: { name: 'start', round: round + 1 },
            words: 'Another round',
            isMain: true,
          }
        : { control: { name: 'start', round }, words: 'Start now', isMain: true }),
    does('resume', game) && { control: { name: 'resume' }, words: 'Go on', isMain: true },
    does('next', game) && { control: { name: 'next', ...at }, words: 'Next', isMain: true },
    does('skip', game) && { control: { name: 'skip', ...at }, words: 'Show the answer' },
    does('extend', game) && isOpen && { control: { name: 'extend', ...at, ms: EXTRA_MS }, words: '15 s more' },
    does('pause', game) && { control: { name: 'pause' }, words: 'Pause' },
  ]
  return buttons.filter((button) => button !== false)
}

export const mayEnd = ({ role }: QuizView, game: GameView): boolean => role === 'host' && does('end', game)
export const mayConfigure = ({ role }: QuizView, game: GameView): boolean => role === 'host' && does('configure', game)
/** Whom the conductor may kick for the host: nobody from a group, and never the owner. */
export const mayKick = ({ role, kind, game }: QuizView): boolean =>
  role === 'host' && kind === 'HostedPerpetual' && game !== null && does('kick', game)
