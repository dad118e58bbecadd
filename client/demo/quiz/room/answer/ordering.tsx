import { type KeyboardEvent, useRef, useState } from 'react'
import { moved } from './order.ts'

export interface OrderingProps {
  /** As the player sees them at first. */
  items: readonly string[]
  /** Which of them stand where now. */
  order: readonly number[]
  isOpen: boolean
  onOrder: (order: number[]) => void
}

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 }

/** Things to put in order: by buttons, by the arrow keys on a button, or dragged. */
export function Ordering({ items, order, isOpen, onOrder }: OrderingProps) {
  const [dragged, setDragged] = useState<number | null>(null)
  const list = useRef<HTMLOListElement>(null)
  const onKeyDown = (event: KeyboardEvent, place: number) => {
    const by = STEPS[event.key]
    if (by === undefined) return
    event.preventDefault()
    onOrder(moved(order, place, place + by))
  }
  const over = (place: number) => {
    if (dragged === null || dragged === place) return
    onOrder(moved(order, dragged, place))
    setDragged(place)
  }
  return (
    <ol className="ordering" ref={list} data-testid="ordering" aria-label="Your order, the first at the top">
      {order.map((shown, place) => (
        <li
          key={shown}
          className="option"
          data-dragged={dragged === place}
          draggable={isOpen}
          onDragStart={({ dataTransfer }) => {
            dataTransfer.setData('text/plain', items[shown] ?? '')
            setDragged(place)
          }}
          onDragEnter={() => over(place)}
          onDragOver={(event) => event.preventDefault()}
          onDragEnd={() => setDragged(null)}
        >
          <kbd aria-hidden="true">{place + 1}</kbd>
          <span>{items[shown]}</span>
          {isOpen && (
            <span className="moves">
              <Move
                name={`Move ${items[shown]} up`}
                isOff={place === 0}
                onKeyDown={(event) => onKeyDown(event, place)}
                onMove={() => onOrder(moved(order, place, place - 1))}
              >
                ↑
              </Move>
              <Move
                name={`Move ${items[shown]} down`}
                isOff={place === order.length - 1}
                onKeyDown={(event) => onKeyDown(event, place)}
                onMove={() => onOrder(moved(order, place, place + 1))}
              >
                ↓
              </Move>
            </span>
          )}
        </li>
      ))}
    </ol>
  )
}

interface MoveProps {
  name: string
  /** There is nowhere to go: it keeps the focus, which a disabled button would lose. */
  isOff: boolean
  onMove: () => void
  onKeyDown: (event: KeyboardEvent) => void
  children: string
}

const Move = ({ name, isOff, onMove, onKeyDown, children }: MoveProps) => (
  <button type="button" className="icon" aria-label={name} aria-disabled={isOff} {...{ onKeyDown }} onClick={onMove}>
    {children}
  </button>
)
