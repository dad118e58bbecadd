import { type SubmitEvent, useEffect, useRef, useState } from 'react'
import { randomRoom } from '../names.ts'
import { Chat } from '../parts/chat.tsx'
import { CopyLink } from '../parts/copy.tsx'
import { Happenings } from '../parts/happenings.tsx'
import { inWords } from '../wording.ts'
import { MeetFacts } from './facts.tsx'
import { useMeet } from './use-meet.ts'
import type { MeetView } from './view.ts'

/** Longer than the timeline's: this is where a person looks first. */
const STATUS: Readonly<Record<MeetView['state'], string>> = {
  idle: '',
  gathering: 'Gathering the addresses of this device …',
  knocking: 'Knocking at the room …',
  waiting: 'You came first, so you host. Send the link to somebody.',
  answering: 'Somebody is here already. Answering …',
  connecting: 'Connecting the two of you …',
  open: 'Connected.',
  closed: 'The connection is closed.',
}

const linkTo = (room: string) => `${location.origin}/meet?${new URLSearchParams({ room })}`

/** Mailbox rooms: enter a room by name, and see how the connection is made. */
export function MeetPage() {
  const [room, setRoom] = useState(() => new URLSearchParams(location.search).get('room') ?? randomRoom())
  const { view, lines, join, leave, send } = useMeet()
  const { state, steps } = view
  const progress = useRef<HTMLHeadingElement>(null)
  const active = state !== 'idle' && state !== 'closed'
  const error = steps.at(-1)?.error
  const trouble = error === undefined ? null : inWords(error)

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    history.replaceState(null, '', linkTo(room))
    join(room)
  }
  // The button that had the focus is gone.
  useEffect(() => {
    if (active) progress.current?.focus()
  }, [active])

  return (
    <div className="stage" data-testid="meet" data-state={state}>
      <div className="intro">
        <h1>Meet in a room</h1>
        <p className="lead">
          Enter a room and send its link to one other person. As soon as you have met, the room is free for others
          again.
        </p>
      </div>

      <form className="panel" onSubmit={submit} aria-label="Room">
        <label htmlFor="room">Room name</label>
        <div className="row">
          <input
            id="room"
            value={room}
            onChange={(event) => setRoom(event.target.value)}
            readOnly={active}
            required
            maxLength={128}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            data-testid="room"
          />
          {!active && (
            <button key="join" type="submit" className="main" data-testid="join">
              Join
            </button>
          )}
        </div>
        <div className="row tools">
          <CopyLink link={linkTo(room)} />
          {active && (
            <button key="leave" type="button" className="quiet" onClick={leave} data-testid="leave">
              Leave
            </button>
          )}
        </div>
        <p className={trouble === null ? 'status' : 'status trouble'} role="status" data-testid="status">
          {trouble === null ? STATUS[state] : `${trouble}${active ? ' Trying again …' : ''}`}
        </p>
      </form>

      {lines.length > 0 && <Chat lines={lines} onSend={state === 'open' ? send : undefined} focus />}
      <Happenings steps={steps} beganAt={view.beganAt} heading={progress}>
        <MeetFacts view={view} />
      </Happenings>
    </div>
  )
}
