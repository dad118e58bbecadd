import { type ComponentProps, useId } from 'react'

/** A labelled input. */
export function Field({ label, hint, ...input }: ComponentProps<'input'> & { label: string; hint?: string }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {hint !== undefined && <span className="dim">{hint}</span>}
      </label>
      <input id={id} autoComplete="off" {...input} />
    </div>
  )
}
