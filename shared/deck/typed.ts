import type { CardOf } from './cards.ts'
import { distanceWithin } from './distance.ts'
import { foldTyped } from './fold.ts'
import { sameNumber, sameNumbersInside } from './numbers.ts'

/** Which accepted text a typed answer was taken for, and how many edits it was away. */
export interface TypedMatch {
  accepted: string
  edits: number
}

/** How many edits a text may be away, by its letters (leases-quiz.md Q9): none below 4, one below 8, else two. */
export function editsAllowed(folded: string): 0 | 1 | 2 {
  const letters = folded.match(/\p{L}/gu)?.length ?? 0
  if (letters < 4) return 0
  return letters < 8 ? 1 : 2
}

/** The accepted text that is nearest to what was typed, the first of equals; null if none is near enough. */
export function matchTyped(card: CardOf<'typed'>, text: string): TypedMatch | null {
  const given = foldTyped(text, card)
  if (given === '') return null
  let best: TypedMatch | null = null
  for (const accepted of card.accepted) {
    const edits = editsBetween(foldTyped(accepted, card), given, card.spelling)
    if (edits !== null && (best === null || edits < best.edits)) best = { accepted, edits }
  }
  return best
}

/** Both folded. Null: too far, or another number. */
function editsBetween(accepted: string, given: string, spelling: 'near' | 'exact'): number | null {
  if (accepted === given) return 0
  const same = sameNumber(accepted, given)
  if (same !== null) return same ? 0 : null
  if (spelling === 'exact' || !sameNumbersInside(accepted, given)) return null
  return distanceWithin(accepted, given, editsAllowed(accepted))
}
