import { useId } from 'react'
import type { CardView } from '../../../../../shared/deck/view.ts'

export type SliderView = Extract<CardView, { type: 'slider' }>

/** The middle of the scale, on a step: where a slider stands before it is moved. */
export function middleOf({ min, max, step }: Pick<SliderView, 'min' | 'max' | 'step'>): number {
  const steps = Math.round((max - min) / 2 / step)
  return Math.min(max, rounded(min + steps * step))
}

/** Sums of decimals have tails that nobody means. */
const rounded = (value: number): number => Number(value.toPrecision(12))

export const withUnit = (value: number, unit: string): string => (unit === '' ? String(value) : `${value} ${unit}`)

export interface SliderProps {
  card: SliderView
  value: number
  isOpen: boolean
  onValue: (value: number) => void
}

/** A number on a scale: dragged, by the arrow keys, or typed. */
export function Slider({ card: { min, max, step, unit }, value, isOpen, onValue }: SliderProps) {
  const id = useId()
  const take = (text: string) => {
    const next = Number(text)
    if (text !== '' && Number.isFinite(next)) onValue(Math.min(max, Math.max(min, rounded(next))))
  }
  return (
    <div className="slider" data-testid="slider">
      <label htmlFor={id} className="hidden">
        Your answer
      </label>
      <p className="reading">
        <output htmlFor={id}>{withUnit(value, unit)}</output>
      </p>
      <input
        id={id}
        type="range"
        {...{ min, max, step, value }}
        disabled={!isOpen}
        onChange={({ target }) => take(target.value)}
        aria-valuetext={withUnit(value, unit)}
        data-first
      />
      <p className="ends dim" aria-hidden="true">
        <span>{withUnit(min, unit)}</span>
        <span>{withUnit(max, unit)}</span>
      </p>
    </div>
  )
}
