export interface ChoicesProps {
  /** As the player sees them. */
  options: readonly string[]
  chosen: readonly number[]
  many?: boolean
  isOpen: boolean
  onChoose: (shown: number) => void
}

/** Options to choose from, each with the digit that chooses it. */
export function Choices({ options, chosen, many = false, isOpen, onChoose }: ChoicesProps) {
  return (
    <fieldset className="options" disabled={!isOpen} data-testid="options">
      <legend className="hidden">{many ? 'Choose all that are right' : 'Choose one'}</legend>
      {options.map((option, shown) => (
        <label key={option} className="option" data-option={shown} data-chosen={chosen.includes(shown)}>
          <input
            type={many ? 'checkbox' : 'radio'}
            name="option"
            checked={chosen.includes(shown)}
            onChange={() => onChoose(shown)}
          />
          <kbd aria-hidden="true">{(shown + 1) % 10}</kbd>
          <span>{option}</span>
        </label>
      ))}
    </fieldset>
  )
}

/** With another one chosen, or not any more. */
export const toggled = (chosen: readonly number[], shown: number): number[] =>
  chosen.includes(shown) ? chosen.filter((one) => one !== shown) : [...chosen, shown].toSorted((a, b) => a - b)
