import { type SubmitEvent, useEffect, useRef } from 'react'
import type { OpenedQuiz } from '../../../../quiz/followed.ts'
import type { Decks } from '../decks.ts'
import type { Proposal } from '../messages/proposal.ts'
import { Trouble } from '../../parts/trouble.tsx'
import { useAct } from '../use-act.ts'
import { DeckField } from './deck-field.tsx'
import { SettingFields } from './fields.tsx'
import { payloadIn, usual } from './settings.ts'

export interface StartProps {
  opened: OpenedQuiz
  decks: Decks
  /** What somebody pressed "Use this" on; `nth` grows with each press. */
  used: { proposal: Proposal; nth: number } | null
}

/** A group's next quiz: here, or in a room of its own with everybody who is here now. */
export function Start({ opened: { quiz, view }, decks, used }: StartProps) {
  const { isBusy, trouble, act, say } = useAct()
  const isRunning = view.conductor !== null
  const panel = useRef<HTMLElement>(null)
  const details = useRef<HTMLDetailsElement>(null)
  const nth = used?.nth ?? 0
  useEffect(() => {
    if (nth === 0) return
    if (details.current !== null) details.current.open = true
    panel.current?.scrollIntoView({ block: 'nearest' })
    panel.current?.querySelector('select')?.focus({ preventScroll: true })
  }, [nth])

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { submitter } = event.nativeEvent
    const payload = payloadIn(new FormData(event.currentTarget))
    const isHere = submitter instanceof HTMLButtonElement && submitter.value === 'here'
    if (payload === null) return say('These settings cannot be: look at the numbers, and whether a deck is chosen.')
    void act(() => (isHere ? quiz.start(payload) : quiz.spawn(payload)))
  }
  const proposal = used?.proposal ?? null
  const hasDeck = proposal !== null || (decks.decks ?? []).some(({ cards }) => cards > 0)
  const form = (
    <form key={nth} className="stack" onSubmit={submit} data-testid="start-form">
      <DeckField decks={decks} proposed={proposal} />
      {hasDeck && (
        <>
          <SettingFields
            payload={{ ...usual(proposal?.deck ?? 'deck'), ...(proposal === null ? {} : { pace: proposal.pace }) }}
          />
          <Trouble words={trouble} />
          <div className="row">
            {!isRunning && (
              <button type="submit" value="here" className="main" disabled={isBusy}>
                Start here
              </button>
            )}
            <button type="submit" value="apart" disabled={isBusy}>
              Play in a room of its own
            </button>
          </div>
          <p className="dim">
            {isRunning ? '' : 'Here it stays, round after round. '}A room of its own takes everybody along who is here
            now, and brings them back when the quiz is over.
          </p>
        </>
      )}
    </form>
  )
  return (
    <section ref={panel} className="panel" aria-labelledby="start-title" data-testid="start">
      {isRunning ? (
        <details ref={details}>
          <summary id="start-title">Play another quiz apart</summary>
          <div className="settings">{form}</div>
        </details>
      ) : (
        <>
          <h2 id="start-title">Start a quiz</h2>
          {form}
        </>
      )}
    </section>
  )
}
