import { memo } from 'react'
import { type Here, inkClass, type Stroke } from '../data.ts'
import { pathOf } from './line.ts'

const isSame = (one: Stroke, other: Stroke) =>
  one.id === other.id &&
  one.ink === other.ink &&
  one.points.length === other.points.length &&
  one.points.every((value, at) => value === other.points[at])

/** Drawn anew only where it is another: each change of the board gives all strokes as new objects. */
export const Line = memo(
  ({ stroke: { id, ink, points } }: { stroke: Stroke }) => (
    <path className={`stroke ${inkClass(ink)}`} d={pathOf(points)} data-stroke={id} />
  ),
  (one, other) => isSame(one.stroke, other.stroke),
)

/** Somebody else's pen, and what it is drawing. */
export function OtherPen({ here: { name, ink, at, line } }: { here: Here }) {
  return (
    <g className={inkClass(ink)} data-cursor={name}>
      {line !== null && <Line stroke={line} />}
      {at !== null && (
        <g className="cursor" style={{ transform: `translate(${at[0]}px, ${at[1]}px)` }}>
          <path d="M0 0 8 26 14 16 26 14z" />
          <text x="20" y="42">
            {name}
          </text>
        </g>
      )}
    </g>
  )
}
