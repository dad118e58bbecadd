import { useId, useState } from 'react'
import { LIMITS } from '../../../../shared/limits.ts'
import type { Line } from './draft.ts'

export interface LinesProps {
  name: string
  lines: readonly Line[]
  /** Which of them may be marked as right. */
  mark: 'one' | 'several' | 'none'
  onChange: (lines: readonly Line[]) => void
}

const { options: MOST, optionChars: LONGEST } = LIMITS.deck

/** The options of a choice, or things in their order. Empty lines are left out of the card. */
export function Lines({ name, lines, mark, onChange }: LinesProps) {
  const group = useId()
  const [newest, setNewest] = useState<number | null>(null)
  const change = (id: number, part: Partial<Line>) =>
    onChange(lines.map((line) => (line.id === id ? { ...line, ...part } : line)))
  const choose = (id: number) =>
    onChange(
      lines.map((line) => ({ ...line, isRight: mark === 'one' ? line.id === id : line.isRight !== (line.id === id) })),
    )
  const add = () => {
    const id = Math.max(-1, ...lines.map((line) => line.id)) + 1
    setNewest(id)
    onChange([...lines, { id, text: '', isRight: false }])
  }
  return (
    <fieldset className="checks lines">
      <legend>
        {name} {mark !== 'none' && <span className="dim">mark what is right</span>}
      </legend>
      {lines.map(({ id, text, isRight }, at) => (
        <div key={id} className="line-row">
          {mark === 'none' ? (
            <span className="dim" aria-hidden="true">
              {at + 1}
            </span>
          ) : (
            <input
              type={mark === 'one' ? 'radio' : 'checkbox'}
              name={group}
              checked={isRight}
              onChange={() => choose(id)}
              aria-label={`Option ${at + 1} is right`}
            />
          )}
          <input
            value={text}
            onChange={({ target }) => change(id, { text: target.value })}
            maxLength={LONGEST}
            autoComplete="off"
            autoFocus={id === newest}
            aria-label={mark === 'none' ? `Line ${at + 1}` : `Option ${at + 1}`}
          />
          <button
            type="button"
            className="icon"
            disabled={lines.length <= 2}
            onClick={() => onChange(lines.filter((line) => line.id !== id))}
            aria-label={`Remove line ${at + 1}`}
          >
            ×
          </button>
        </div>
      ))}
      <div className="row">
        <button type="button" className="quiet small" onClick={add} disabled={lines.length >= MOST - 1}>
          Add a line
        </button>
      </div>
    </fieldset>
  )
}
