import type { Answer } from '../../../../../shared/deck/answers.ts'
import type { CardView } from '../../../../../shared/deck/view.ts'
import { LIMITS } from '../../../../../shared/limits.ts'
import { Field } from '../../../parts/field.tsx'
import { Choices, toggled } from './choices.tsx'
import { Ordering } from './ordering.tsx'
import { middleOf, Slider } from './slider.tsx'

export const TRUTHS = ['True', 'False'] as const
export const GRADES = ['again', 'hard', 'good', 'easy'] as const
export const GRADE_WORDS = { again: 'Not at all', hard: 'With effort', good: 'Well', easy: 'Easily' } as const

export interface FieldsProps {
  card: CardView
  value: Answer | null
  isOpen: boolean
  onValue: (value: Answer) => void
}

/** The form of a card: what there is to choose, to type or to move. Pages have none. */
export function Fields({ card, value, isOpen, onValue }: FieldsProps) {
  const choosing = { isOpen, chosen: chosenIn(value), onChoose: (nth: number) => choose({ card, value, onValue }, nth) }
  switch (card.type) {
    case 'single':
    case 'poll':
      return <Choices {...choosing} options={card.options} />
    case 'multiple':
      return <Choices {...choosing} options={card.options} many />
    case 'true-false':
      return <Choices {...choosing} options={TRUTHS} />
    case 'flash-card':
      return <Choices {...choosing} options={GRADES.map((grade) => GRADE_WORDS[grade])} />
    case 'typed':
      return <Typed {...{ value, isOpen, onValue }} />
    case 'ordering': {
      const order = value?.type === 'ordering' ? value.order : card.items.map((_, shown) => shown)
      return (
        <Ordering
          {...{ order, isOpen }}
          items={card.items}
          onOrder={(next) => onValue({ type: 'ordering', order: next })}
        />
      )
    }
    case 'slider': {
      const now = value?.type === 'slider' ? value.value : middleOf(card)
      return <Slider {...{ card, isOpen }} value={now} onValue={(next) => onValue({ type: 'slider', value: next })} />
    }
    case 'info':
      return null
  }
}

const Typed = ({ value, isOpen, onValue }: Omit<FieldsProps, 'card'>) => (
  <Field
    label="Your answer"
    value={value?.type === 'typed' ? value.text : ''}
    onChange={({ target }) => onValue({ type: 'typed', text: target.value })}
    maxLength={LIMITS.deck.answerChars}
    readOnly={!isOpen}
    enterKeyHint="send"
    autoCapitalize="off"
    spellCheck={false}
    data-first
  />
)

/** What an option's digit or press chooses. */
export function choose({ card, value, onValue }: Omit<FieldsProps, 'isOpen'>, nth: number): void {
  const grade = GRADES[nth]
  switch (card.type) {
    case 'single':
    case 'poll':
      if (nth < card.options.length) onValue({ type: card.type, choice: nth })
      break
    case 'multiple':
      if (nth < card.options.length) onValue({ type: 'multiple', choices: toggled(chosenIn(value), nth) })
      break
    case 'true-false':
      if (nth < TRUTHS.length) onValue({ type: 'true-false', choice: nth === 0 })
      break
    case 'flash-card':
      if (grade !== undefined) onValue({ type: 'flash-card', grade })
      break
  }
}

function chosenIn(value: Answer | null): readonly number[] {
  switch (value?.type) {
    case 'single':
    case 'poll':
      return [value.choice]
    case 'multiple':
      return value.choices
    case 'true-false':
      return [value.choice ? 0 : 1]
    case 'flash-card':
      return [GRADES.indexOf(value.grade)]
    default:
      return []
  }
}

/** What is sent: an order and a slider say something without having been touched. null: nothing is chosen yet. */
export function answerIn(card: CardView, value: Answer | null): Answer | null {
  if (value?.type === 'typed') return value.text.trim() === '' ? null : value
  if (value?.type === 'multiple') return value.choices.length === 0 ? null : value
  if (value !== null) return value
  if (card.type === 'ordering') return { type: 'ordering', order: card.items.map((_, shown) => shown) }
  return card.type === 'slider' ? { type: 'slider', value: middleOf(card) } : null
}
