import type { Answer } from '../../../../../shared/deck/answers.ts'
import type { KeyView } from '../../../../../shared/quiz/view-game.ts'
import { GRADE_WORDS, GRADES } from '../answer/fields.tsx'
import { Bars } from './bars.tsx'
import { OrderingKey } from './ordering.tsx'
import { SliderKey } from './slider.tsx'
import { type Bar, countOf, optionBars, truthBars, typedBars } from './tally.ts'

export interface KeyProps {
  view: KeyView
  /** In the card's own positions. */
  mine: Answer | null
  /** How many have answered. */
  answered: number
  /** Takes a typed answer as right; absent: not for this viewer, or not now. */
  onAccept?: ((text: string) => void) | undefined
}

/** What is right, and what was answered. */
export function Key({ view, mine, answered, onAccept }: KeyProps) {
  const { card, accepted, tally } = view
  switch (card.type) {
    case 'single':
    case 'multiple':
    case 'poll':
      return <Bars bars={optionBars(view, mine)} of={answered} />
    case 'true-false':
      return <Bars bars={truthBars(view, mine)} of={answered} />
    case 'typed':
      return (
        <>
          <p className="solution">
            <span className="dim">Right is</span> <b>{[...card.accepted, ...accepted].join(', ')}</b>
          </p>
          <Bars bars={typedBars(view, mine)} of={answered} actionOf={acceptOf(onAccept)} />
        </>
      )
    case 'ordering':
      return <OrderingKey card={card} mine={mine} />
    case 'slider':
      return <SliderKey card={card} tally={tally} mine={mine} />
    case 'flash-card':
      return (
        <>
          <p className="solution back">{card.back}</p>
          {tally.length > 0 && <Bars bars={gradeBars(tally, mine)} of={answered} />}
        </>
      )
    case 'info':
      return null
  }
}

const acceptOf = (onAccept: KeyProps['onAccept']) => (bar: Bar) =>
  onAccept !== undefined &&
  bar.isRight === false && (
    <button
      type="button"
      className="small"
      aria-label={`Accept “${bar.text}” as right`}
      onClick={() => onAccept(bar.text)}
    >
      Accept
    </button>
  )

const gradeBars = (tally: KeyView['tally'], mine: Answer | null): Bar[] =>
  GRADES.map((grade) => ({
    id: grade,
    text: GRADE_WORDS[grade],
    count: countOf(tally, (answer) => answer.type === 'flash-card' && answer.grade === grade),
    isRight: null,
    isMine: mine?.type === 'flash-card' && mine.grade === grade,
  }))
