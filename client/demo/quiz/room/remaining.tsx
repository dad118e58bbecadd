import { useEffect, useState } from 'react'
import type { Clock } from '../../../../shared/quiz/conductor/game.ts'
import type { Quiz } from '../../../quiz/types.ts'

const EVERY_MS = 200

/** ms until the phase passes by itself, drawn again and again while it runs; null: it waits for a host. */
export function useRemaining(quiz: Quiz, clock: Clock): number | null {
  const [, draw] = useState(0)
  const isRunning = clock.ms !== null && clock.frozenAt === null
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => draw((count) => count + 1), EVERY_MS)
    return () => clearInterval(timer)
  }, [isRunning])
  return quiz.remainingMs()
}

/** Below it the bar is in the colour of trouble. */
const SOON_MS = 5_000

export interface CountdownProps {
  quiz: Quiz
  clock: Clock
  /** What comes when it is over. */
  until: string
  /** An open question, whose end is worth a warning. */
  isUrgent?: boolean
}

/** The time that is left, as a number and as a bar. */
export function Countdown({ quiz, clock, until, isUrgent = false }: CountdownProps) {
  const ms = useRemaining(quiz, clock)
  if (ms === null || clock.ms === null) return null
  const part = clock.ms === 0 ? 0 : Math.min(1, ms / clock.ms)
  const seconds = Math.ceil(ms / 1_000)
  const state = clock.frozenAt !== null ? 'frozen' : isUrgent && ms <= SOON_MS ? 'soon' : 'runs'
  return (
    <div className="countdown" role="timer" data-testid="countdown" data-state={state} aria-label={until}>
      <p>
        <b>{seconds}</b> <span aria-hidden="true">s</span>
        <span className="hidden">{seconds === 1 ? 'second' : 'seconds'}</span>
      </p>
      <div className="time" aria-hidden="true">
        <span style={{ inlineSize: `${part * 100}%` }} />
      </div>
    </div>
  )
}
