import { type RefObject, useEffect, useRef } from 'react'

/** Where what had the focus went with a change of `what`, this has it: who uses the keyboard is not sent back to the top of the page. */
export function useKeptFocus(what: string): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null)
  const last = useRef(what)
  useEffect(() => {
    if (last.current === what) return
    last.current = what
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [what])
  return heading
}
