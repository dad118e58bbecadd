import { useEffect, useReducer, useState } from 'react'
import { Chat } from '../../parts/chat.tsx'
import { CopyLink } from '../../parts/copy.tsx'
import { useLines } from '../../parts/lines.ts'
import { Happenings } from '../../parts/happenings.tsx'
import { Title } from '../../parts/title.tsx'
import { useSteps } from '../../parts/use-steps.ts'
import { inWords } from '../../wording.ts'
import { Over } from '../over.tsx'
import { linkTo } from '../link.ts'
import type { Hosting } from '../remembered.ts'
import { Guests } from './guests.tsx'
import { hostRun } from './run.ts'
import { evolve, OPENING } from './view.ts'

export interface HostRoomProps {
  hosting: Hosting
  /** This page was reloaded, and takes over what it had. */
  recalled: boolean
  onBack: () => void
}

/** The host's side of a session, from opening to its end. */
export function HostRoom({ hosting, recalled, onBack }: HostRoomProps) {
  const [view, tell] = useReducer(evolve, { ...OPENING, asks: hosting.asks })
  const { steps, beganAt, client, step } = useSteps()
  const { lines, say } = useLines()
  const [run] = useState(() => hostRun(hosting, { client, tell, step, say }))
  useEffect(() => void run.open(), [run])

  const { session, guests, asks, online, over } = view
  const state = over !== null ? 'over' : session === null ? 'opening' : 'open'
  const inside = guests.filter((guest) => guest.state !== 'asks').length
  const asking = guests.filter((guest) => guest.state === 'asks').map((guest) => `${guest.client} asks to join.`)

  return (
    <div className="stage" data-testid="host" data-state={state}>
      <div className="intro">
        <p className="kicker">You host {hosting.visibility === 'public' ? 'a public session' : 'a private session'}</p>
        <Title>{session?.name ?? hosting.name ?? 'Opening …'}</Title>
      </div>
      {over !== null && (
        <Over words={(over.error && inWords(over.error)) ?? 'You ended the session.'} onBack={onBack} />
      )}
      {session !== null && over === null && (
        <section className="panel" aria-label="Session">
          {recalled && (
            <p className="notice" role="status" data-testid="takeover">
              {session.resumed
                ? 'This page was reloaded and has taken the session over. Its clients connect again by themselves.'
                : 'The session had ended meanwhile. A new one is open under its name.'}
            </p>
          )}
          <p role="status" className={online ? 'dim' : 'trouble'} data-testid="server">
            {online
              ? [`${inside} of ${session.maxClients} seats taken.`, ...asking].join(' ')
              : 'The server is out of reach. Open connections stay; nobody new can come in until it is back.'}
          </p>
          <Guests guests={guests} onDrop={run.drop} />
          <label className="check">
            <input
              type="checkbox"
              checked={asks}
              onChange={({ target }) => run.setAsks(target.checked)}
              data-testid="asks"
            />
            Ask me before somebody comes in
          </label>
          <div className="row">
            <CopyLink link={linkTo(session.name)} />
            <button type="button" className="quiet" onClick={run.close} data-testid="close">
              End session
            </button>
          </div>
        </section>
      )}
      {lines.length > 0 && <Chat lines={lines} onSend={over === null ? run.send : undefined} />}
      <Happenings steps={steps} beganAt={beganAt} />
    </div>
  )
}
