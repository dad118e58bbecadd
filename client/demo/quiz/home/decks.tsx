import { useQueryClient } from '@tanstack/react-query'
import type { SubmitEvent } from 'react'
import type { DeckHead } from '../../../../shared/deck/schema.ts'
import { useFoyer } from '../../../react-query.ts'
import { Field } from '../../parts/field.tsx'
import { command } from '../calls.ts'
import { SAMPLE } from '../deck/sample.ts'
import { useHost } from '../deck/use-play.ts'
import { Listing } from '../parts/listing.tsx'
import { Trouble } from '../parts/trouble.tsx'
import { useSite } from '../site.ts'
import { useAct } from '../use-act.ts'
import { useOwnDecks } from './use-decks.ts'

interface NewDeck {
  title: string
  description?: string
  cards?: typeof SAMPLE.cards
}

/** One's own decks, the way to a new one, and into the room of each. */
export function DecksPanel() {
  const { client, go } = useSite()
  const foyer = useFoyer()
  const queryClient = useQueryClient()
  const { query, decks } = useOwnDecks()
  const { act, isBusy, trouble } = useAct()
  const create = (deck: NewDeck) =>
    act(async () => {
      const made = await command((envelope, options) => client.deck.create.mutate({ ...envelope, ...deck }, options))
      void queryClient.invalidateQueries(foyer.deck.pathFilter())
      go({ deck: made.deck.id })
    })
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    void create({ title: String(new FormData(event.currentTarget).get('title') ?? '') })
  }
  return (
    <section className="panel" aria-labelledby="decks-title" data-testid="decks">
      <h2 id="decks-title">Your decks</h2>
      <Trouble words={trouble} />
      <Listing query={query} empty={<p>You have no deck yet. A sample has a card of each kind.</p>}>
        {decks.map((deck) => (
          <DeckRow key={deck.id} deck={deck} />
        ))}
      </Listing>
      <form className="row foot" onSubmit={submit}>
        <Field label="New deck" name="title" required pattern=".*\S.*" maxLength={128} placeholder="Its title" />
        <button type="submit" disabled={isBusy}>
          Create
        </button>
        <button type="button" className="quiet" disabled={isBusy} onClick={() => void create(SAMPLE)}>
          Make a sample
        </button>
      </form>
    </section>
  )
}

function DeckRow({ deck: { id, title, cards, visibility } }: { deck: DeckHead }) {
  const { go } = useSite()
  const { host, isBusy, trouble } = useHost()
  return (
    <li className="person" data-deck={id}>
      <div>
        <p className="name">{title}</p>
        <p className="dim">
          {cards === 1 ? 'one card' : `${cards} cards`} · {visibility}
        </p>
      </div>
      <div className="row">
        <button type="button" className="quiet" onClick={() => go({ deck: id })} aria-label={`Cards of ${title}`}>
          Cards
        </button>
        <button
          type="button"
          disabled={isBusy || cards === 0}
          onClick={() => void host(id)}
          aria-label={`Open the room of ${title}`}
        >
          Open room
        </button>
      </div>
      <Trouble words={trouble} />
    </li>
  )
}
