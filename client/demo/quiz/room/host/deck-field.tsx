import type { Decks } from '../decks.ts'
import { Trouble } from '../../parts/trouble.tsx'
import type { Proposal } from '../messages/proposal.ts'
import { Select } from './select.tsx'

export interface DeckFieldProps {
  decks: Decks
  /** A deck that somebody proposed, which need not be an own one. */
  proposed?: Proposal | null
}

/** A choice of the own decks that have cards, and of the one that was proposed. */
export function DeckField({ decks, proposed = null }: DeckFieldProps) {
  const own = (decks.decks ?? []).filter(({ cards }) => cards > 0)
  const isOwn = own.some(({ id }) => id === proposed?.deck)
  const other = proposed === null || isOwn ? [] : [[proposed.deck, `${proposed.title} (proposed)`] as const]
  const options = [...other, ...own.map(({ id, title, cards }) => [id, `${title} (${cards})`] as const)]
  if (decks.decks === null) return <p className="dim">Looking for your decks …</p>
  if (options.length === 0)
    return (
      <>
        <Trouble words={decks.trouble} />
        <p className="empty">
          You have no deck with cards yet. <a href="/quiz">Make one at the start.</a>
        </p>
      </>
    )
  return <Select label="Deck" name="deck" options={options} defaultValue={proposed?.deck} required />
}
