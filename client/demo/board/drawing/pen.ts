import { useRef, useState } from 'react'
import { newKey } from '../../../index.ts'
import type { Stroke } from '../data.ts'
import { distance, type Point, thinned, within } from './line.ts'

export interface PenOptions {
  ink: number
  /** A line is done; a long one comes in pieces. */
  onStroke: (stroke: Stroke) => void
}

export interface Pen {
  /** Where it is; null: not over the drawing. */
  at: Point | null
  /** What it is drawing. */
  line: Stroke | null
  down: (at: Point) => void
  /** Draws where it is down. */
  move: (way: readonly Point[]) => void
  up: () => void
  /** Lets go of a line that is not done. */
  drop: () => void
  leave: () => void
}

/** Closer points add nothing that can be seen. */
const STEP = 3
/** Numbers of one piece of a line. */
const LONGEST = 600

/** A pen over the drawing: what it draws is shown at once, and is a stroke when it is lifted. */
export function usePen({ ink, onStroke }: PenOptions): Pen {
  const [at, setAt] = useState<Point | null>(null)
  const [line, setLine] = useState<Stroke | null>(null)
  // Several moves may come before the next drawing of the page.
  const drawn = useRef<Stroke | null>(null)

  const draw = (stroke: Stroke | null) => {
    drawn.current = stroke
    setLine(stroke)
  }
  const begin = ([x, y]: Point) => draw({ id: newKey().slice(0, 16), ink, points: [x, y] })
  const finish = () => {
    const stroke = drawn.current
    if (stroke !== null) onStroke({ ...stroke, points: thinned(stroke.points) })
    draw(null)
  }
  const extend = (point: Point) => {
    const stroke = drawn.current
    if (stroke === null) return
    const { points } = stroke
    const last: Point = [points.at(-2) ?? 0, points.at(-1) ?? 0]
    if (distance(last, point) < STEP) return
    draw({ ...stroke, points: [...points, ...point] })
    if (points.length < LONGEST) return
    finish()
    begin(point)
  }

  return {
    at,
    line,
    down: (point) => {
      setAt(within(point))
      begin(within(point))
    },
    move: (way) => {
      for (const point of way) extend(within(point))
      const last = way.at(-1)
      if (last !== undefined) setAt(within(last))
    },
    up: finish,
    drop: () => draw(null),
    leave: () => setAt(null),
  }
}
