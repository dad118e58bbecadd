import { useRef, useState } from 'react'
import { HostForm } from './host/form.tsx'
import { JoinForm } from './guest/form.tsx'
import { Listing } from './listing.tsx'
import { randomPerson } from '../names.ts'
import type { Remembered } from './remembered.ts'

/** Where one is before a session: what there is to join, and the two ways in. */
export function Lobby({ onEnter }: { onEnter: (place: Remembered) => void }) {
  const [session, setSession] = useState(() => new URLSearchParams(location.search).get('name') ?? '')
  const [person, setPerson] = useState(randomPerson)
  const joinForm = useRef<HTMLFormElement>(null)
  const choose = (name: string, next: 'password' | 'submit') => {
    setSession(name)
    joinForm.current?.querySelector<HTMLElement>(`[type=${next}]`)?.focus()
  }
  return (
    <div className="stage" data-testid="lobby">
      <div className="intro">
        <h1>Hosted sessions</h1>
        <p className="lead">
          Everybody who joins is connected straight to the host. The server introduces them, and keeps their seats while
          a page reloads or a connection breaks.
        </p>
      </div>
      <Listing onChoose={choose} />
      <div className="stack">
        <JoinForm ref={joinForm} {...{ session, setSession, person, setPerson, onEnter }} />
        <HostForm {...{ person, setPerson, onEnter }} />
      </div>
    </div>
  )
}
