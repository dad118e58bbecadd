import { useState } from 'react'
import { forgetGuest, type Guest, recallGuest } from '../board/guest.ts'
import { Entry } from './entry.tsx'
import { Inside } from './inside.tsx'
import { usePlace } from './use-place.ts'
import { quizWords } from './words.ts'
import { FoyerError } from '../../index.ts'

/** Quiz rooms: who one is, and then what the address names. */
export function QuizPage() {
  const [guest, setGuest] = useState(recallGuest)
  // The link that they came by before they said who they are.
  const [cameBy, setCameBy] = useState<string | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const { place, go } = usePlace()

  const enter = (next: Guest) => {
    setTrouble(null)
    setCameBy(place.at === 'link' ? place.link : null)
    setGuest(next)
  }
  const leave = (why: string | null) => {
    forgetGuest()
    setTrouble(why)
    setGuest(null)
  }
  if (guest === null) return <Entry place={place} trouble={trouble} onEnter={enter} />
  return (
    <Inside
      key={guest.token}
      {...{ guest, place, go, cameBy }}
      onLeave={() => leave(null)}
      onLost={() => leave(quizWords(new FoyerError('unauthorized')))}
    />
  )
}
