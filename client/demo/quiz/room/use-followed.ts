import { useEffect, useRef, useState } from 'react'
import type { FoyerClient } from '../../../index.ts'
import { useQuiz, type UsedQuiz } from '../../../react.ts'
import type { QuizMove } from '../../../quiz/types.ts'

/** Where the page is to go from a room. */
export type Go = (to: { room: string; from?: string } | { deck: string } | { home: true }) => void

export interface Place {
  room: string
  from?: string | undefined
}

/** The room that was asked for, or to which its occupants have gone since: `go` is told, so that the address says it too. */
export function useFollowed(client: FoyerClient, place: Place, go: Go): UsedQuiz {
  const [first, begin] = useState(place)
  const used = useQuiz(client, first)
  const current = 'room' in used ? used.room : first.room
  // The page was sent somewhere else, and not after the room that it follows.
  if (place.room !== first.room && place.room !== current) begin(place)
  const move = 'move' in used ? used.move : null
  const way = useRef<QuizMove | null>(null)
  if (move !== null) way.current = move

  useEffect(() => {
    if (move?.to !== 'deck') return
    go(move.deck === null ? { home: true } : { deck: move.deck })
  }, [move, go])
  useEffect(() => {
    const taken = way.current
    if (taken?.to !== 'room' || taken.room !== current) return
    way.current = null
    go(taken.from === null ? { room: current } : { room: current, from: taken.from })
  }, [current, go])
  return used
}
