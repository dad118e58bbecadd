import { type KeyboardEvent, useState } from 'react'

export interface CellProps {
  label: string
  /** Shown while it is empty. */
  hint: string
  value: string
  onSet: (value: string) => void
}

const LONGEST = 80

/** One cell: what is typed counts when it is left, or with Enter; Escape takes it back. Others' edits show while nobody types here. */
export function Cell({ label, hint, value, onSet }: CellProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const commit = () => {
    if (draft !== null && draft !== value) onSet(draft)
    setDraft(null)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') commit()
    if (event.key === 'Escape') setDraft(null)
  }
  return (
    <input
      aria-label={label}
      placeholder={hint}
      value={draft ?? value}
      onChange={({ target }) => setDraft(target.value)}
      onBlur={commit}
      onKeyDown={onKeyDown}
      maxLength={LONGEST}
      autoComplete="off"
    />
  )
}
