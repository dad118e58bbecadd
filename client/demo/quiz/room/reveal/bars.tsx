import type { ReactNode } from 'react'
import type { Bar } from './tally.ts'

export interface BarsProps {
  bars: readonly Bar[]
  /** How many have answered. */
  of: number
  /** What one does with a line. */
  actionOf?: (bar: Bar) => ReactNode
}

/** What was answered, how often, and what is right. */
export function Bars({ bars, of, actionOf }: BarsProps) {
  return (
    <ul className="bars" data-testid="bars">
      {bars.map((bar) => (
        <li key={bar.id} className="bar-line" data-bar={bar.text} data-right={bar.isRight} data-mine={bar.isMine}>
          <span className="fill" aria-hidden="true" style={{ inlineSize: `${shareOf(bar.count, of)}%` }} />
          <span className="sign" aria-hidden="true">
            {bar.isRight === null ? '' : bar.isRight ? '✓' : '✕'}
          </span>
          <span className="text">
            {bar.text}
            {bar.isRight === true && <span className="hidden"> (right)</span>}
            {/* A space, since a margin would stay where the line is broken. */}{' '}
            {bar.isMine && <span className="tag">yours</span>}
          </span>
          {actionOf?.(bar)}
          <span className="number">
            <b>{bar.count}</b> <span className="dim">{Math.round(shareOf(bar.count, of))} %</span>
          </span>
        </li>
      ))}
    </ul>
  )
}

const shareOf = (count: number, of: number): number => (of === 0 ? 0 : Math.min(100, (count / of) * 100))
