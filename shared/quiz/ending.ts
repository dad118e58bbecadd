import type { EndReason, QuizState, ReturnTo } from './state.ts'

/**
 * Where the occupants of an evanescent room go (seed 4): to the parent if nobody was added, else to the group room with exactly these
 * occupants; who is alone and has no parent, to the deck. Of who is there at the end, so that it is decided inside the write.
 */
export function returnOf(state: QuizState): ReturnTo {
  const { parent, occupants, founders } = state
  const wasAdded = occupants.some((user) => !founders.includes(user))
  return parent !== null && !wasAdded ? { to: 'parent', room: parent, occupants } : withoutParent(state)
}

/** The same for a room without a parent; one that has closed meanwhile counts as none. */
export function withoutParent({ occupants, deck }: Pick<QuizState, 'occupants' | 'deck'>): ReturnTo {
  return occupants.length > 1 ? { to: 'group', occupants } : { to: 'deck', deck, occupants }
}

/** The events that end an evanescent room with its conductor, by itself or by loss. */
export const evanescentEnd = (state: QuizState, reason: EndReason) =>
  [
    { type: 'conductor.ended', reason },
    { type: 'room.ended', reason, returnTo: returnOf(state) },
  ] as const
