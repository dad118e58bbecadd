import { type ComponentProps, useId } from 'react'

export interface SelectProps extends Omit<ComponentProps<'select'>, 'children'> {
  label: string
  /** Values and what they are called. */
  options: readonly (readonly [value: string, name: string])[]
}

/** A labelled choice from a list. */
export function Select({ label, options, ...select }: SelectProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} {...select}>
        {options.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}
