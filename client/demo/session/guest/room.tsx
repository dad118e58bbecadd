import { useEffect, useReducer, useState } from 'react'
import type { FoyerError, FoyerRule } from '../../../index.ts'
import { Chat } from '../../parts/chat.tsx'
import { Happenings } from '../../parts/happenings.tsx'
import { useLines } from '../../parts/lines.ts'
import { usePair } from '../../parts/pair.ts'
import { PathFacts } from '../../parts/path.tsx'
import { Title } from '../../parts/title.tsx'
import { useSteps } from '../../parts/use-steps.ts'
import { inWords } from '../../wording.ts'
import { Over } from '../over.tsx'
import type { Seated } from '../remembered.ts'
import { guestRun } from './run.ts'
import { ASKING, evolve, type GuestView } from './view.ts'

export interface GuestRoomProps {
  seated: Seated
  /** This page was reloaded, and takes over what it had. */
  recalled: boolean
  onBack: () => void
}

const STATUS: Readonly<Record<GuestView['state'], string>> = {
  asking: 'The host is being asked whether you may come in …',
  connecting: 'You are let in. Connecting …',
  open: 'Connected.',
  restarting: 'The host has gone silent. Looking for another way …',
  rejoining: 'The connection is lost. Your seat is kept, and a new connection is being made …',
  ended: '',
}

/** Once one was in, the same rules mean something else. */
const LEFT: Partial<Record<FoyerRule, string>> = {
  'session-gone': 'The host has ended the session.',
  'seat-gone': 'The host has taken your seat away.',
}

const endOf = (error: FoyerError | null, { joined }: { joined: boolean }) => {
  if (error === null) return 'You left the session.'
  return (joined ? LEFT[error.rule] : undefined) ?? inWords(error) ?? 'You left.'
}

/** A client's side of a session, from asking to its end. */
export function GuestRoom({ seated, recalled, onBack }: GuestRoomProps) {
  const [view, tell] = useReducer(evolve, ASKING)
  const { steps, beganAt, client, step } = useSteps()
  const { lines, say } = useLines()
  const [run] = useState(() => guestRun(seated, { client, tell, step, say }))
  useEffect(() => void run.join(), [run])

  const { state, session, peer, online, error } = view
  const pair = usePair(state === 'open' ? peer : null)

  return (
    <div className="stage" data-testid="guest" data-state={state}>
      <div className="intro">
        <p className="kicker">
          {session === null ? 'Joining' : `Hosted by ${session.hostName}`}, as {seated.clientName}
        </p>
        <Title>{seated.name}</Title>
      </div>
      {state === 'ended' ? (
        <Over words={endOf(error, { joined: session !== null })} onBack={onBack} />
      ) : (
        <section className="panel" aria-label="Seat">
          {recalled && session !== null && (
            <p className="notice" role="status" data-testid="takeover">
              This page was reloaded and has taken its seat again.
            </p>
          )}
          <p role="status" data-testid="status">
            {STATUS[state]} {!online && 'The server is out of reach; the connection does not need it.'}
          </p>
          <div className="row">
            <button type="button" className="quiet" onClick={run.leave} data-testid="leave">
              Leave
            </button>
          </div>
        </section>
      )}
      {session !== null && <Chat lines={lines} onSend={state === 'open' ? run.send : undefined} focus />}
      <Happenings steps={steps} beganAt={beganAt}>
        {pair !== null && <PathFacts pair={pair} />}
      </Happenings>
    </div>
  )
}
