import { type SubmitEvent, useRef } from 'react'
import type { Quiz } from '../../../../quiz/types.ts'
import { type Decks, titleOf } from '../decks.ts'
import { DeckField } from '../host/deck-field.tsx'
import { PaceField } from '../host/fields.tsx'
import { Trouble } from '../../parts/trouble.tsx'
import { useAct } from '../use-act.ts'

/** Says what kind of quiz one would like, so that anybody here can start it with one press. */
export function Propose({ quiz, decks }: { quiz: Quiz; decks: Decks }) {
  const { isBusy, trouble, act } = useAct()
  const details = useRef<HTMLDetailsElement>(null)
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const deck = String(form.get('deck') ?? '')
    const title = titleOf(decks, deck)
    if (title === null) return
    const proposal = { deck, title, pace: String(form.get('pace')) }
    void act(() => quiz.message(`How about “${title}”?`, { proposal })).then((isSaid) => {
      if (isSaid && details.current !== null) details.current.open = false
    })
  }
  const hasDeck = (decks.decks ?? []).some(({ cards }) => cards > 0)
  return (
    <details ref={details} data-testid="propose">
      <summary>Propose a quiz</summary>
      <form className="stack settings" onSubmit={submit}>
        <DeckField decks={decks} />
        {hasDeck && (
          <>
            <PaceField pace="own" />
            <Trouble words={trouble} />
            <div className="row">
              <button type="submit" disabled={isBusy}>
                Propose
              </button>
            </div>
          </>
        )}
      </form>
    </details>
  )
}
