import type { Actor } from '../../shared/log/decider.ts'
import { RuleError } from '../../shared/rules.ts'
import type { DeckDoc } from '../store/docs-quiz.ts'

type Known = Pick<DeckDoc, 'owner' | 'visibility' | 'gone'>

/** Its owner; who has its id, where it is shared; everybody, where it is public; a service as itself. */
export const mayRead = ({ owner, visibility }: Known, { user, service }: Actor) =>
  service || owner === user || visibility !== 'private'

/** The deck for who may read it. Error: not-found, also for one that is somebody's own, so that nobody learns of it. */
export function readable<D extends Known>(deck: D | null, actor: Actor): D {
  if (deck === null || deck.gone === true || !mayRead(deck, actor)) throw new RuleError('not-found')
  return deck
}

/** The deck for who may change it. Errors: not-found, forbidden (for who may read it). */
export function editable<D extends Known>(deck: D | null, actor: Actor): D {
  const known = readable(deck, actor)
  if (!actor.service && known.owner !== actor.user) throw new RuleError('forbidden')
  return known
}
