import { Field } from '../../parts/field.tsx'
import type { Draft } from './draft.ts'

interface SliderFieldsProps {
  draft: Draft
  onChange: (part: Partial<Draft>) => void
}

const NUMBERS = [
  { name: 'key', label: 'Right is', hint: undefined },
  { name: 'min', label: 'From', hint: undefined },
  { name: 'max', label: 'To', hint: undefined },
  { name: 'step', label: 'In steps of', hint: undefined },
  { name: 'tolerance', label: 'Still right', hint: 'this far off' },
  { name: 'reach', label: 'Worth nothing', hint: 'this far off' },
] as const

/** The numbers of a slider. */
export function SliderFields({ draft, onChange }: SliderFieldsProps) {
  return (
    <div className="pair numbers">
      {NUMBERS.map(({ name, label, hint }) => (
        <Field
          key={name}
          label={label}
          {...(hint === undefined ? {} : { hint })}
          inputMode="decimal"
          value={draft[name]}
          onChange={({ target }) => onChange({ [name]: target.value })}
          required
        />
      ))}
      <Field
        label="Unit"
        hint="optional"
        value={draft.unit}
        onChange={({ target }) => onChange({ unit: target.value })}
        maxLength={16}
      />
    </div>
  )
}
