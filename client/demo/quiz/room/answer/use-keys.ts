import { type RefObject, useEffect } from 'react'

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !['radio', 'checkbox', 'range'].includes(target.type)))
/** Enter is theirs. */
const isPressable = (target: EventTarget | null) =>
  target instanceof Element && target.closest('a, button, summary') !== null

export interface Keys {
  form: RefObject<HTMLFormElement | null>
  isOpen: boolean
  /** Chooses the option of a digit, from 0; null: there is nothing to choose. */
  choose: ((nth: number) => void) | null
}

/** Answers from anywhere on the page: a digit chooses, Enter sends. Where somebody types or presses a button, keys are for that. */
export function useKeys({ form, isOpen, choose }: Keys): void {
  useEffect(() => {
    if (!isOpen) return
    const onKeyDown = (event: KeyboardEvent) => {
      const { key, target } = event
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(target)) return
      if (/^\d$/.test(key) && choose !== null) {
        // 0 is the tenth.
        choose((Number(key) + 9) % 10)
        event.preventDefault()
      } else if (key === 'Enter' && !isPressable(target)) {
        event.preventDefault()
        form.current?.requestSubmit()
      }
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [form, isOpen, choose])
}
