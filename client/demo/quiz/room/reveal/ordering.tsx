import type { Answer } from '../../../../../shared/deck/answers.ts'
import type { CardOf } from '../../../../../shared/deck/cards.ts'

/** The right order, which is the card's own, and where the own answer had each. */
export function OrderingKey({ card, mine }: { card: CardOf<'ordering'>; mine: Answer | null }) {
  const own = mine?.type === 'ordering' ? mine.order : null
  return (
    <ol className="bars" data-testid="bars" aria-label="The right order">
      {card.items.map((item, at) => {
        const place = own?.indexOf(at) ?? null
        return (
          <li key={item} className="bar-line" data-bar={item} data-right={place === null ? null : place === at}>
            <span className="sign">{at + 1}</span>
            <span className="text">{item}</span>
            {place !== null && (
              <span className="number dim">{place === at ? 'yours too' : `you had it ${ordinal(place + 1)}`}</span>
            )}
          </li>
        )
      })}
    </ol>
  )
}

const ENDINGS = ['th', 'st', 'nd', 'rd']

/** 1st, 2nd, 11th. */
export const ordinal = (rank: number): string => {
  const tens = rank % 100
  return `${rank}${(tens > 10 && tens < 20 ? undefined : ENDINGS[tens % 10]) ?? 'th'}`
}
