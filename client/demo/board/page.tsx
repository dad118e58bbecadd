import { useEffect, useState } from 'react'
import { Entry } from './entry/entry.tsx'
import { type Guest, recallGuest } from './guest.ts'
import { boardHere, setPlace } from './place.ts'
import { BoardRoom } from './room.tsx'

interface Place {
  guest: Guest
  room: string
}

/** A link opens its board for whom this tab knows already: after a reload, or where somebody follows another link. */
function placeHere(): Place | null {
  const [guest, room] = [recallGuest(), boardHere()]
  return guest === null || room === null ? null : { guest, room }
}

/** Shared-data rooms: ways to a board, or the board that the address names. */
export function BoardPage() {
  const [place, setPlaceState] = useState(placeHere)
  const [link, setLink] = useState(boardHere)
  useEffect(() => {
    const follow = () => {
      setPlaceState(placeHere())
      setLink(boardHere())
    }
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  const go = (next: Place | null) => {
    setPlace(next?.room ?? null)
    setLink(next?.room ?? null)
    setPlaceState(next)
  }
  if (place === null) return <Entry key={link} onEnter={go} />
  return (
    <BoardRoom
      key={`${place.room} ${place.guest.token}`}
      {...place}
      onBack={() => go(null)}
      onSignIn={() => setPlaceState(null)}
    />
  )
}
