import { type ComponentProps, type ReactNode, useId } from 'react'

export interface Labelled {
  label: string
  hint?: string | undefined
}

/** What is filled in, with its label; `children` is given the id that the label names. */
export function Labelling({ label, hint, children }: Labelled & { children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {hint !== undefined && <span className="dim">{hint}</span>}
      </label>
      {children(id)}
    </div>
  )
}

/** A labelled input. */
export function Field({ label, hint, ...input }: ComponentProps<'input'> & Labelled) {
  return <Labelling {...{ label, hint }}>{(id) => <input id={id} autoComplete="off" {...input} />}</Labelling>
}
