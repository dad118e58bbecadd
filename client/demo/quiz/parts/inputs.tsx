import type { ComponentProps } from 'react'
import { type Labelled, Labelling } from '../../parts/field.tsx'

/** A labelled text of several lines. */
export function Area({ label, hint, ...area }: ComponentProps<'textarea'> & Labelled) {
  return <Labelling {...{ label, hint }}>{(id) => <textarea id={id} rows={3} {...area} />}</Labelling>
}

export interface ChoiceProps<V extends string> extends Labelled {
  value: V
  /** Values, and what to call them, in order. */
  options: Readonly<Record<V, string>>
  onChoose: (value: V) => void
  disabled?: boolean
}

/** A labelled choice of one of several. */
export function Choice<V extends string>({ label, hint, value, options, onChoose, disabled }: ChoiceProps<V>) {
  // edge: `Object.keys` forgets the names of what it is given
  const values = Object.keys(options) as V[]
  return (
    <Labelling {...{ label, hint }}>
      {(id) => (
        <select
          id={id}
          value={value}
          disabled={disabled}
          onChange={({ target }) => onChoose(values.find((one) => one === target.value) ?? value)}
        >
          {values.map((one) => (
            <option key={one} value={one}>
              {options[one]}
            </option>
          ))}
        </select>
      )}
    </Labelling>
  )
}
