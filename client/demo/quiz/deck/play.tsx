import type { DeckView } from '../../../../shared/deck/schema.ts'
import { Trouble } from '../parts/trouble.tsx'
import { useHost, usePlay } from './use-play.ts'

/** The ways to play a deck. */
export function Play({ deck, isMine }: { deck: DeckView; isMine: boolean }) {
  const { host, ...hosting } = useHost()
  const { alone, visit, ...playing } = usePlay(deck.id)
  const isBusy = hosting.isBusy || playing.isBusy
  const isEmpty = deck.cards.length === 0
  return (
    <section className="panel bar" aria-label="Play" data-testid="play">
      <p className="dim">{isEmpty ? 'A deck needs a card to be played.' : wordsFor(deck, isMine)}</p>
      <div className="row">
        <button type="button" className="main" disabled={isBusy || isEmpty} onClick={() => void alone()}>
          Play alone
        </button>
        <button type="button" disabled={isBusy || isEmpty} onClick={() => void (isMine ? host(deck.id) : visit())}>
          {isMine ? 'Open its room' : 'Go to its room'}
        </button>
      </div>
      <Trouble words={hosting.trouble ?? playing.trouble} />
    </section>
  )
}

const wordsFor = ({ visibility }: DeckView, isMine: boolean) =>
  !isMine
    ? 'Play it for yourself, or in its room, where its owner is the host.'
    : visibility === 'private'
      ? 'In its room you are the host, and whoever comes there plays along. Share it, and they may play it in rooms of their own.'
      : 'In its room you are the host, and whoever comes there plays along.'
