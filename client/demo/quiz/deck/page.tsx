import { toFoyerError } from '../../../index.ts'
import { Title } from '../../parts/title.tsx'
import { Trouble } from '../parts/trouble.tsx'
import { nameOf } from '../people.ts'
import { useSite } from '../site.ts'
import { quizWords } from '../words.ts'
import { Cards } from './cards.tsx'
import { ExportPanel } from './export.tsx'
import { ImportPanel } from './import.tsx'
import { Play } from './play.tsx'
import { Prompts } from './prompts.tsx'
import { Settings } from './settings.tsx'
import { useDeck } from './use-deck.ts'

/** One deck: for its owner everything, for others what it asks and the ways to play it. */
export function DeckPage({ deck: id }: { deck: string }) {
  const { me, go } = useSite()
  const { data: deck, error } = useDeck(id)
  const isMine = deck?.owner === me
  return (
    <div className="stage" data-testid="deck" data-version={deck?.version}>
      <div className="intro">
        <p className="kicker">
          <button type="button" className="plain" onClick={() => go({ home: true })}>
            All rooms and decks
          </button>
          {deck !== undefined && ` · ${isMine ? 'your deck' : `a deck by ${nameOf(deck.owner)}`}`}
        </p>
        <Title>{deck?.title ?? (error === null ? 'Looking …' : 'No deck')}</Title>
        {deck !== undefined && deck.description !== '' && <p className="lead block">{deck.description}</p>}
      </div>
      {deck === undefined && error !== null && (
        <div className="panel">
          <Trouble words={quizWords(toFoyerError(error))} />
        </div>
      )}
      {deck !== undefined && (
        <>
          <div className="wide">
            <Play deck={deck} isMine={isMine} />
          </div>
          <div className="stack main-part">{isMine ? <Cards deck={deck} /> : <Prompts cards={deck.cards} />}</div>
          <div className="stack">
            {isMine && <Settings key={deck.id} deck={deck} />}
            {isMine && <ImportPanel deck={deck.id} />}
            <ExportPanel deck={deck} />
          </div>
        </>
      )}
    </div>
  )
}
