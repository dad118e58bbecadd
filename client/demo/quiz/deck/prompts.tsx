import type { Card } from '../../../../shared/deck/cards.ts'
import { KINDS } from './kinds.ts'

/** What a deck of somebody else asks; not what is right, for who may want to play it. */
export function Prompts({ cards }: { cards: readonly Card[] }) {
  return (
    <section className="panel" aria-labelledby="cards-title">
      <h2 id="cards-title">
        Cards <span className="dim">{cards.length}</span>
      </h2>
      {cards.length === 0 && <div className="empty">There is no card in it yet.</div>}
      {cards.length > 0 && (
        <ol className="people">
          {cards.map((card) => (
            <li key={card.id} className="person">
              <div>
                <p className="block">{card.prompt}</p>
                <p className="dim">{KINDS[card.type]}</p>
              </div>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
