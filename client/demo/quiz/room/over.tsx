import type { FoyerClient } from '../../../index.ts'
import type { EndedQuiz } from '../../../quiz/followed.ts'
import { Results } from './play/results.tsx'
import { rankWords, Standings } from './play/standings.tsx'
import type { Go } from './use-followed.ts'
import { endWords } from './words.ts'

export interface EndedProps {
  client: FoyerClient
  ended: EndedQuiz & { reopen: () => void }
  go: Go
}

/** The end of a room, or of one's seat in it: why, where it leads, and what was reached. */
export function Ended({ client, ended: { quiz, view, end, reopen }, go }: EndedProps) {
  if (end === null) return null
  const { game } = view
  const returns = view.ended?.returnTo ?? null
  const isBack = end.why === 'out' || end.why === 'left'
  return (
    <section className="panel" aria-label="The end" data-testid="over" data-why={end.why} data-reason={end.reason}>
      <p role="alert">
        {endWords(end)} {end.why === 'ended' && returns !== null && waysBack(returns)}
      </p>
      {end.why === 'ended' && game !== null && game.standings.length > 0 && (
        <>
          <p>{rankWords(game)}</p>
          <Standings game={game} me={quiz.user} />
          <Results client={client} room={view.room} round={game.round} />
        </>
      )}
      <Ways again={isBack && view.kind !== 'GroupEvanescent' ? 'Come in again' : null} {...{ reopen, go }} />
    </section>
  )
}

const waysBack = ({ to }: { to: 'room' | 'deck' }): string =>
  to === 'deck' ? 'You are taken back to the deck …' : 'You are taken back to your group …'

/** A room that could not be opened. */
export function Failed({ words, reopen, go }: { words: string; reopen: () => void; go: Go }) {
  return (
    <section className="panel" aria-label="The end" data-testid="over">
      <p role="alert">{words}</p>
      <Ways again="Try again" {...{ reopen, go }} />
    </section>
  )
}

/** `again`: what it is called to open the room once more; null: that leads nowhere. */
function Ways({ again, reopen, go }: { again: string | null; reopen: () => void; go: Go }) {
  return (
    <div className="row">
      {again !== null && (
        <button type="button" className="main" onClick={reopen}>
          {again}
        </button>
      )}
      <button type="button" onClick={() => go({ home: true })}>
        Back to the start
      </button>
    </div>
  )
}
