import { Listing } from '../parts/listing.tsx'
import { nameOf } from '../people.ts'
import { useSite } from '../site.ts'
import { usePublicDecks } from './use-decks.ts'

/** What others have made for everybody. */
export function PublicDecks() {
  const { me, go } = useSite()
  const { query, decks } = usePublicDecks()
  return (
    <section className="panel" aria-labelledby="public-title" data-testid="public-decks">
      <h2 id="public-title">Public decks</h2>
      <Listing query={query} empty={<p>Nobody has made a deck public yet.</p>}>
        {decks.map(({ id, title, cards, owner }) => (
          <li key={id} className="person" data-deck={id}>
            <div>
              <p className="name">{title}</p>
              <p className="dim">
                {cards === 1 ? 'one card' : `${cards} cards`} · {owner === me ? 'yours' : `by ${nameOf(owner)}`}
              </p>
            </div>
            <button type="button" className="quiet" onClick={() => go({ deck: id })} aria-label={`Look at ${title}`}>
              Look
            </button>
          </li>
        ))}
      </Listing>
    </section>
  )
}
