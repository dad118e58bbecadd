import type { QuizListed } from '../../../../shared/quiz/wire.ts'
import { listed } from '../people.ts'

export interface Reader {
  me: string
  nameOf: (user: string) => string
  /** Null: not known here. */
  deckTitle: (deck: string) => string | null
}

const NAMED = 3

/** The people of a room but the reader: by name, or the first of them and how many there are beside. */
export function othersIn(occupants: readonly string[], { me, nameOf }: Pick<Reader, 'me' | 'nameOf'>): string | null {
  const others = occupants.filter((user) => user !== me).map(nameOf)
  if (others.length === 0) return null
  const rest = others.length - NAMED
  return listed(rest > 0 ? [...others.slice(0, NAMED), `${rest} more`] : others)
}

/** What to call a room in a list. */
export function roomTitle({ kind, deck, occupants }: QuizListed, reader: Reader): string {
  const others = othersIn(occupants, reader)
  const title = deck === null ? null : reader.deckTitle(deck)
  switch (kind) {
    case 'HostedPerpetual':
      return title ?? 'A friend’s deck'
    case 'GroupEvanescent':
      return others === null ? (title ?? 'A quiz alone') : `A quiz with ${others}`
    case 'GroupPerpetual':
      return others ?? 'Just you'
  }
}

export const KINDS: Readonly<Record<QuizListed['kind'], string>> = {
  HostedPerpetual: 'Open room of a deck',
  GroupPerpetual: 'Group',
  GroupEvanescent: 'Quiz under way',
}
