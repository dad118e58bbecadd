import type { KeyboardEvent, PointerEvent } from 'react'
import { type Point, SIZE } from './line.ts'
import type { Pen } from './pen.ts'

type Over = PointerEvent<SVGSVGElement>

function placeIn(surface: SVGSVGElement, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const { left, top, width, height } = surface.getBoundingClientRect()
  return [((clientX - left) / width) * SIZE.width, ((clientY - top) / height) * SIZE.height]
}

/** Mouse, finger or stylus: the first of them draws. */
export function pointerHands(pen: Pen) {
  const isDrawing = ({ isPrimary, buttons }: Over) => isPrimary && (buttons & 1) === 1
  return {
    onPointerDown: (event: Over) => {
      if (!isDrawing(event)) return
      event.currentTarget.setPointerCapture(event.pointerId)
      pen.down(placeIn(event.currentTarget, event))
    },
    onPointerMove: (event: Over) => {
      if (!event.isPrimary) return
      // Those that the browser took together: without them quick curves get corners.
      const all = event.nativeEvent.getCoalescedEvents()
      const way = all.length === 0 ? [event] : all
      pen.move(way.map((one) => placeIn(event.currentTarget, one)))
    },
    onPointerUp: (event: Over) => {
      if (!event.isPrimary) return
      pen.up()
      if (event.pointerType === 'touch') pen.leave()
    },
    onPointerCancel: pen.drop,
    onPointerLeave: pen.leave,
  }
}

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}
const MIDDLE: Point = [SIZE.width / 2, SIZE.height / 2]

/** Arrow keys move the pen (with Shift: far), Space puts it down and lifts it, Escape lets go of the line. */
export function keyHands(pen: Pen) {
  const lift = () => {
    if (pen.line === null) pen.down(pen.at ?? MIDDLE)
    else pen.up()
  }
  return {
    onKeyDown: (event: KeyboardEvent<SVGSVGElement>) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const [x, y] = pen.at ?? MIDDLE
      const arrow = ARROWS[event.key]
      const step = event.shiftKey ? 50 : 12
      if (arrow !== undefined) pen.move([[x + arrow[0] * step, y + arrow[1] * step]])
      else if (event.key === ' ') lift()
      else if (event.key === 'Escape') pen.drop()
      else return
      event.preventDefault()
    },
    onBlur: () => {
      pen.up()
      pen.leave()
    },
  }
}
