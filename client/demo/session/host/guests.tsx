import type { MouseEvent } from 'react'
import { span } from '../../format.ts'
import { usePair } from '../../parts/pair.ts'
import type { Guest } from './view.ts'

const STATES: Readonly<Record<Guest['state'], string>> = {
  asks: 'asks to join',
  connecting: 'connecting …',
  open: 'connected',
  restarting: 'silent, restarting …',
  silent: 'silent',
  gone: 'gone, seat kept',
}

/** Everybody who asks or has a seat, and what the host may do about them. */
export function Guests({ guests, onDrop }: { guests: readonly Guest[]; onDrop: (client: string) => void }) {
  if (guests.length === 0) return <p>Nobody is here yet. Send the link to somebody.</p>
  return (
    <ul className="people" aria-label="Clients" data-testid="guests">
      {guests.map((guest) => (
        <li key={guest.client} className="person" tabIndex={-1} data-client={guest.client} data-state={guest.state}>
          <div>
            <p className="name">{guest.client}</p>
            <p className="dim">
              {STATES[guest.state]}
              {guest.peer !== undefined && guest.state === 'open' && <Path peer={guest.peer.peer} />}
            </p>
          </div>
          <Choices guest={guest} onDrop={onDrop} />
        </li>
      ))}
    </ul>
  )
}

function Path({ peer }: { peer: RTCPeerConnection }) {
  const pair = usePair(peer)
  if (pair === null) return null
  return (
    <span data-testid="path">
      , {pair.local.type} {pair.local.protocol}
      {pair.rttMs !== null && `, ${span(pair.rttMs)}`}
    </span>
  )
}

interface ChoicesProps {
  guest: Guest
  onDrop: (client: string) => void
}

function Choices({ guest: { client, decide, state }, onDrop }: ChoicesProps) {
  const choose = (accept: boolean) => (event: MouseEvent<HTMLElement>) => {
    // The buttons go; whoever works by keyboard stays at the same person.
    event.currentTarget.closest('li')?.focus()
    decide?.(accept)
  }
  if (state === 'asks') {
    return (
      <div className="row">
        <button type="button" className="main" onClick={choose(true)} aria-label={`Accept ${client}`}>
          Accept
        </button>
        <button type="button" onClick={choose(false)} aria-label={`Decline ${client}`}>
          Decline
        </button>
      </div>
    )
  }
  return (
    <button type="button" className="quiet" onClick={() => onDrop(client)} aria-label={`Drop ${client}`}>
      Drop
    </button>
  )
}
