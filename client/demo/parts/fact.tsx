import type { ReactNode } from 'react'

/** One row of a `<dl className="facts">`. */
export function Fact({ name, testid, children }: { name: string; testid?: string; children: ReactNode }) {
  return (
    <div data-testid={testid}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
