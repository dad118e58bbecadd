import { useEffect } from 'react'
import type { Here, Stroke } from '../data.ts'
import { keyHands, pointerHands } from './hands.ts'
import { Inks } from './inks.tsx'
import { SIZE } from './line.ts'
import { usePen } from './pen.ts'
import { Line, OtherPen } from './shapes.tsx'

export interface DrawingProps {
  strokes: readonly Stroke[]
  /** Everybody else who is here. */
  others: readonly { conn: string; state: Here }[]
  ink: number
  setInk: (ink: number) => void
  onStroke: (stroke: Stroke) => void
  /** Shows the own pen to the others. */
  onShow: (pen: Pick<Here, 'at' | 'line'>) => void
  onClear: () => void
}

/** Of a line that is being drawn the others see this many numbers, its newest: presence is small. The whole comes when it is done. */
const SHOWN = 240

const tail = (stroke: Stroke | null): Stroke | null =>
  stroke === null ? null : { ...stroke, points: stroke.points.slice(-SHOWN) }

export function Drawing({ strokes, others, ink, setInk, onStroke, onShow, onClear }: DrawingProps) {
  const pen = usePen({ ink, onStroke })
  const { at, line } = pen
  useEffect(() => onShow({ at: at === null ? null : [...at], line: tail(line) }), [onShow, at, line])
  const done = new Set(strokes.map(({ id }) => id))
  const fresh = ({ line: drawn, ...here }: Here): Here => ({
    ...here,
    line: drawn === null || done.has(drawn.id) ? null : drawn,
  })
  return (
    <section className="panel drawing" aria-labelledby="drawing-title">
      <div className="row head">
        <h2 id="drawing-title">Drawing</h2>
        <button
          type="button"
          className="quiet small"
          onClick={onClear}
          disabled={strokes.length === 0}
          aria-label="Clear the drawing"
        >
          Clear
        </button>
      </div>
      <svg
        className="surface"
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        role="application"
        aria-label={`Drawing area, ${strokes.length} ${strokes.length === 1 ? 'stroke' : 'strokes'}`}
        aria-describedby="drawing-keys"
        tabIndex={0}
        data-testid="surface"
        data-strokes={strokes.length}
        {...pointerHands(pen)}
        {...keyHands(pen)}
      >
        {strokes.length === 0 && line === null && (
          <text className="blank" x={SIZE.width / 2} y={SIZE.height / 2} aria-hidden="true">
            Nothing is drawn yet. Draw here.
          </text>
        )}
        {strokes.map((stroke) => (
          <Line key={stroke.id} stroke={stroke} />
        ))}
        {line !== null && <Line key="own" stroke={line} />}
        {others.map(({ conn, state }) => (
          <OtherPen key={conn} here={fresh(state)} />
        ))}
        {at !== null && <circle className={`nib ${line === null ? '' : 'down'}`} cx={at[0]} cy={at[1]} r="9" />}
      </svg>
      <p id="drawing-keys" className="dim keys">
        By keyboard: arrow keys move the pen, Space puts it down and lifts it.
      </p>
      <Inks ink={ink} setInk={setInk} />
    </section>
  )
}
