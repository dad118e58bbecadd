import { type ReactNode, useEffect, useRef } from 'react'

/** The heading of a view that took another's place: it has the focus, which was on what is gone. */
export function Title({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <h1 ref={heading} tabIndex={-1} data-testid="title">
      {children}
    </h1>
  )
}
