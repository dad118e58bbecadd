import { useState } from 'react'

export interface ConfirmProps {
  /** What the button says, what is asked, and what the second button says. */
  name: string
  question: string
  yes: string
  no: string
  isBusy?: boolean
  onYes: () => void
}

/** A button that asks once more: what it does cannot be taken back. */
export function Confirm({ name, question, yes, no, isBusy = false, onYes }: ConfirmProps) {
  // `kept`: the question was there, and the focus with it.
  const [state, setState] = useState<'idle' | 'asks' | 'kept'>('idle')
  if (state !== 'asks')
    return (
      <button
        type="button"
        className="quiet"
        onClick={() => setState('asks')}
        disabled={isBusy}
        autoFocus={state === 'kept'}
      >
        {name}
      </button>
    )
  return (
    <div className="asks" role="group" aria-label={question}>
      <p>{question}</p>
      <div className="row">
        <button type="button" onClick={onYes} disabled={isBusy}>
          {yes}
        </button>
        <button type="button" className="quiet" onClick={() => setState('kept')} autoFocus>
          {no}
        </button>
      </div>
    </div>
  )
}
