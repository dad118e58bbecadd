import { useState } from 'react'
import { GuestRoom } from './guest/room.tsx'
import { HostRoom } from './host/room.tsx'
import { Lobby } from './lobby.tsx'
import { forget, recall, remember, type Remembered } from './remembered.ts'

/** Hosted sessions: the lobby, or the session that this tab hosts or has joined, also after a reload. */
export function SessionPage() {
  const [at, setAt] = useState<{ place: Remembered | null; recalled: boolean }>(() => {
    const place = recall()
    return { place, recalled: place !== null }
  })
  const enter = (place: Remembered) => {
    remember(place)
    setAt({ place, recalled: false })
  }
  const back = () => {
    forget()
    setAt({ place: null, recalled: false })
  }
  const { place, recalled } = at
  if (place === null) return <Lobby onEnter={enter} />
  if (place.role === 'host') return <HostRoom hosting={place} recalled={recalled} onBack={back} />
  return <GuestRoom seated={place} recalled={recalled} onBack={back} />
}
