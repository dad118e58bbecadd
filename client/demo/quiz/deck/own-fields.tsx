import { Area, Choice } from '../parts/inputs.tsx'
import type { Draft } from './draft.ts'
import { Lines } from './lines.tsx'
import { SliderFields } from './slider-fields.tsx'

export interface OwnFieldsProps {
  draft: Draft
  onChange: (part: Partial<Draft>) => void
}

const SHUFFLE = { each: 'Shuffled for each player', none: 'As it is here' } as const
const CREDIT = { all: 'For all of it, or nothing', partial: 'Also for a part' } as const
const SPELLING = { near: 'A slip is forgiven', exact: 'Letter by letter' } as const
const DIACRITICS = { ignore: 'Make no difference', keep: 'Count' } as const
const TRUTH = { true: 'True', false: 'False' } as const

/** What a card of one kind has beside the question. */
export function OwnFields({ draft, onChange }: OwnFieldsProps) {
  const { type, lines, shuffle, credit, truth, accepted, spelling, diacritics, back } = draft
  const shuffled = (
    <Choice label="Order" value={shuffle} options={SHUFFLE} onChoose={(chosen) => onChange({ shuffle: chosen })} />
  )
  const credited = (
    <Choice label="Points" value={credit} options={CREDIT} onChoose={(chosen) => onChange({ credit: chosen })} />
  )
  const list = (mark: 'one' | 'several' | 'none', name: string) => (
    <Lines {...{ lines, mark, name }} onChange={(changed) => onChange({ lines: changed })} />
  )
  switch (type) {
    case 'single':
      return (
        <>
          {list('one', 'Options')}
          {shuffled}
        </>
      )
    case 'multiple':
      return (
        <>
          {list('several', 'Options')}
          <div className="pair">
            {credited}
            {shuffled}
          </div>
        </>
      )
    case 'true-false':
      return (
        <Choice label="Right is" value={truth} options={TRUTH} onChoose={(chosen) => onChange({ truth: chosen })} />
      )
    case 'typed':
      return (
        <>
          <Area
            label="Accepted answers"
            hint="one a line"
            value={accepted}
            onChange={({ target }) => onChange({ accepted: target.value })}
            required
          />
          <div className="pair">
            <Choice
              label="Spelling"
              value={spelling}
              options={SPELLING}
              onChoose={(chosen) => onChange({ spelling: chosen })}
            />
            <Choice
              label="Accents"
              value={diacritics}
              options={DIACRITICS}
              onChoose={(chosen) => onChange({ diacritics: chosen })}
            />
          </div>
        </>
      )
    case 'ordering':
      return (
        <>
          {list('none', 'In the right order')}
          {credited}
        </>
      )
    case 'slider':
      return <SliderFields draft={draft} onChange={onChange} />
    case 'poll':
      return (
        <>
          {list('none', 'Options')}
          {shuffled}
        </>
      )
    case 'flash-card':
      return (
        <Area
          label="Back"
          rows={2}
          value={back}
          onChange={({ target }) => onChange({ back: target.value })}
          required
          maxLength={2_000}
        />
      )
    case 'info':
      return null
  }
}
