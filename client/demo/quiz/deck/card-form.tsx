import { type SubmitEvent, useState } from 'react'
import type { CardBody } from '../../../../shared/deck/cards.ts'
import { Field } from '../../parts/field.tsx'
import { Area, Choice } from '../parts/inputs.tsx'
import { Trouble } from '../parts/trouble.tsx'
import { cardOf, type Draft } from './draft.ts'
import { KINDS } from './kinds.ts'
import { OwnFields } from './own-fields.tsx'

export interface CardFormProps {
  /** What the form is called. */
  name: string
  start: Draft
  isBusy: boolean
  /** What came of saving it. */
  trouble: string | null
  onSave: (card: CardBody) => void
  /** Absent: it is always there. */
  onCancel?: () => void
}

/** A card of each kind in one form: a change of the kind keeps what both have. */
export function CardForm({ name, start, isBusy, trouble, onSave, onCancel }: CardFormProps) {
  const [draft, setDraft] = useState(start)
  const [wrong, setWrong] = useState<readonly string[]>([])
  const change = (part: Partial<Draft>) => {
    setDraft((now) => ({ ...now, ...part }))
    setWrong([])
  }
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const card = cardOf(draft)
    if ('type' in card) onSave(card)
    else setWrong(card)
  }
  return (
    <form className="stack card-form" onSubmit={submit} aria-label={name}>
      <Choice label="Kind" value={draft.type} options={KINDS} onChoose={(type) => change({ type })} />
      <Area
        label={draft.type === 'flash-card' ? 'Front' : draft.type === 'info' ? 'Text' : 'Question'}
        rows={2}
        value={draft.prompt}
        onChange={({ target }) => change({ prompt: target.value })}
        required
        maxLength={2_000}
        autoFocus={onCancel !== undefined}
      />
      <OwnFields draft={draft} onChange={change} />
      <More draft={draft} onChange={change} />
      <Trouble words={wrong.length > 0 ? wrong.join(' ') : trouble} />
      <div className="row">
        <button type="submit" className={onCancel === undefined ? undefined : 'main'} disabled={isBusy}>
          {onCancel === undefined ? 'Add card' : 'Save card'}
        </button>
        {onCancel !== undefined && (
          <button type="button" className="quiet" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  )
}

function More({ draft, onChange }: { draft: Draft; onChange: (part: Partial<Draft>) => void }) {
  return (
    <details open={draft.explanation !== '' || undefined}>
      <summary>Explanation, time and tags</summary>
      <div className="stack">
        <Area
          label="Explanation"
          hint="shown with the right answer"
          rows={2}
          value={draft.explanation}
          onChange={({ target }) => onChange({ explanation: target.value })}
          maxLength={2_000}
        />
        <div className="pair">
          <Field
            label="Seconds"
            hint="to think"
            inputMode="decimal"
            value={draft.seconds}
            onChange={({ target }) => onChange({ seconds: target.value })}
            placeholder="As the quiz says"
          />
          <Field
            label="Tags"
            hint="with spaces between"
            value={draft.tags}
            onChange={({ target }) => onChange({ tags: target.value })}
          />
        </div>
      </div>
    </details>
  )
}
