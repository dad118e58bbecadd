import type { Message } from '../../shared/quiz/state.ts'
import type { EndedView, QuizView } from '../../shared/quiz/view.ts'
import type { QuizMove } from './types.ts'

export interface MovesOptions {
  room: string
  /** Whether a room that this one has spawned is still there, and this user in it. */
  isLive: (child: string) => Promise<boolean>
  /** null: what was to be gone to is over. */
  onMove: (move: QuizMove | null) => void
}

/** Finds out where the room's occupants are to go. Whether they still are is asked: who was away, or is late, hears of old children. */
export function createMoves({ room, isLive, onMove }: MovesOptions) {
  let messages: QuizView['messages'] = []
  let child: string | null = null
  let isOver = false

  const spawned = (newest: string | null): void => {
    if (newest === child) return
    child = newest
    if (newest === null) return onMove(null)
    void isLive(newest).then((isThere) => {
      if (isThere && child === newest && !isOver) onMove({ to: 'room', room: newest, from: room })
    })
  }

  return {
    look: (view: QuizView): void => {
      if (isOver) return
      if (view.ended !== null) {
        isOver = isSettled(view.ended)
        const move = moveAfter(view.ended)
        if (move !== null) onMove(move)
      } else if (view.messages !== messages) {
        messages = view.messages
        spawned(newestChild(messages))
      }
    },
  }
}

/** The newest room that was spawned and whose occupants did not come back here. */
function newestChild(messages: readonly Message[]): string | null {
  const last = messages.findLast(({ about }) => about?.type === 'spawned' || about?.type === 'returned')
  return last?.about?.type === 'spawned' ? last.about.child : null
}

/** Whether there is nothing more to hear of an ended room. */
export const isSettled = ({ returnTo }: EndedView): boolean => returnTo?.to !== 'room' || returnTo.room !== null

function moveAfter({ returnTo }: EndedView): QuizMove | null {
  if (returnTo === null) return null
  if (returnTo.to === 'deck') return { to: 'deck', deck: returnTo.deck }
  return returnTo.room === null ? null : { to: 'room', room: returnTo.room, from: null }
}
