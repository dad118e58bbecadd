import { useState } from 'react'
import type { FoyerClient } from '../../../index.ts'
import type { OpenedQuiz } from '../../../quiz/followed.ts'
import type { Decks } from './decks.ts'
import { Controls } from './host/controls.tsx'
import { Start } from './host/start.tsx'
import { Messages } from './messages/messages.tsx'
import type { Proposal } from './messages/proposal.ts'
import { Invite } from './people/invite.tsx'
import { People } from './people/people.tsx'
import { Ways } from './people/ways.tsx'
import { Game } from './play/game.tsx'
import type { Go } from './use-followed.ts'

export interface LiveProps {
  client: FoyerClient
  opened: OpenedQuiz
  decks: Decks
  /** Of the deck that is played, where it is known. */
  title: string | null
  go: Go
}

/** An open room: the quiz and what one does with it, and beside it the people and what they say. */
export function Live({ client, opened, decks, title, go }: LiveProps) {
  const { view, state, move } = opened
  const { conductor, game, kind, role } = view
  const [used, setUsed] = useState<{ proposal: Proposal; nth: number } | null>(null)
  const use = (proposal: Proposal) => setUsed((before) => ({ proposal, nth: (before?.nth ?? 0) + 1 }))
  const mayStart = kind === 'GroupPerpetual' && role === 'host'
  const notes = [
    state === 'offline' && 'Offline. What you do waits, and is sent when the server is back.',
    move?.to === 'room' && 'A quiz has begun in a room of its own. You are on your way there …',
  ].filter((note) => note !== false)
  return (
    <>
      {notes.length > 0 && (
        <div className="wide" data-testid="notes">
          {notes.map((note) => (
            <p key={note} className="notice" role="status">
              {note}
            </p>
          ))}
        </div>
      )}
      <div className="stack main-part">
        {conductor !== null && game !== null && (
          <>
            <Game {...{ client, opened, game, title }} payload={conductor.payload} />
            <Controls {...{ opened, game }} payload={conductor.payload} />
          </>
        )}
        {mayStart && <Start opened={opened} decks={decks} used={used} />}
      </div>
      <div className="stack">
        <Messages opened={opened} decks={decks} onUse={mayStart ? use : undefined} />
        <People opened={opened} />
        <Invite client={client} opened={opened} />
        <Ways opened={opened} go={go} />
      </div>
    </>
  )
}
