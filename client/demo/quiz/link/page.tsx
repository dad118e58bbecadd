import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useFoyer } from '../../../react-query.ts'
import { Title } from '../../parts/title.tsx'
import { ask } from '../calls.ts'
import { Trouble } from '../parts/trouble.tsx'
import { nameOf } from '../people.ts'
import { useSite } from '../site.ts'
import { useAct } from '../use-act.ts'

export interface LinkPageProps {
  link: string
  by: string | null
  /** They came by this link and have just said who they are: nothing more is asked. */
  isNew: boolean
}

const SPECIAL = { forbidden: 'This is your own link. Send it to somebody who is to come.' } as const

/** A one-time invitation: accepted, it makes friends and leads to a room. */
export function LinkPage({ link, by, isNew }: LinkPageProps) {
  const { client, name, go } = useSite()
  const foyer = useFoyer()
  const queryClient = useQueryClient()
  const { act, isBusy, trouble } = useAct(SPECIAL)
  const [friend, setFriend] = useState<string | null>(null)

  const accept = () =>
    act(async () => {
      const accepted = await ask((options) => client.link.accept.mutate({ link }, options))
      void queryClient.invalidateQueries(foyer.friend.pathFilter())
      if (accepted.room !== null) go({ room: accepted.room })
      else setFriend(nameOf(accepted.by))
    })
  const isAsked = useRef(false)
  useEffect(() => {
    if (!isNew || isAsked.current) return
    isAsked.current = true
    void accept()
  })
  const isOpen = friend === null && trouble === null
  return (
    <div className="stage" data-testid="link">
      <div className="intro">
        <p className="kicker">An invitation, as {name}</p>
        <Title>{by === null ? 'You are invited' : `${by} invites you`}</Title>
      </div>
      <section className="panel" aria-label="Invitation">
        <Trouble words={trouble} />
        {friend !== null && <p role="status">You and {friend} are friends now.</p>}
        {isOpen && <p>Come along, and the two of you are friends. The link works once.</p>}
        <div className="row">
          {isOpen && (
            <button type="button" className="main" disabled={isBusy} onClick={() => void accept()}>
              {isBusy ? 'Coming in …' : 'Accept'}
            </button>
          )}
          <button type="button" onClick={() => go({ home: true })}>
            To the quiz rooms
          </button>
        </div>
      </section>
    </div>
  )
}
