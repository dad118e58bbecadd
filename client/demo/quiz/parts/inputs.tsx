import { type ComponentProps, useId } from 'react'

interface Labelled {
  label: string
  hint?: string
}

/** A labelled text of several lines. */
export function Area({ label, hint, ...area }: ComponentProps<'textarea'> & Labelled) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {hint !== undefined && <span className="dim">{hint}</span>}
      </label>
      <textarea id={id} rows={3} {...area} />
    </div>
  )
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
  const id = useId()
  // edge: `Object.keys` forgets the names of what it is given
  const values = Object.keys(options) as V[]
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {hint !== undefined && <span className="dim">{hint}</span>}
      </label>
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
    </div>
  )
}
