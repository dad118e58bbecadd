import { useState } from 'react'
import type { FoyerClient } from '../../../../index.ts'
import { CopyLink } from '../../../parts/copy.tsx'
import { Trouble } from '../../parts/trouble.tsx'
import { nameOf } from '../../people.ts'
import { invitation } from '../../place.ts'
import { useAct } from '../use-act.ts'

export interface InviteLinkProps {
  client: FoyerClient
  room: string
  /** Who invites, for the greeting. */
  me: string
}

/** A link for one person who is no friend yet: it makes them one, and brings them here. */
export function InviteLink({ client, room, me }: InviteLinkProps) {
  const { isBusy, trouble, act } = useAct()
  const [link, setLink] = useState<string | null>(null)
  const make = () => act(async () => setLink(invitation((await client.link.create.mutate({ room })).link, nameOf(me))))
  return (
    <>
      <p className="dim">Somebody who is no friend yet comes in by a link, which works once.</p>
      {link !== null && (
        <p className="byhand">
          <code data-testid="link">{link}</code>
        </p>
      )}
      <div className="row">
        <button type="button" className="quiet" disabled={isBusy} onClick={() => void make()}>
          {link === null ? 'Make a link' : 'Make another'}
        </button>
        {link !== null && <CopyLink link={link} />}
      </div>
      <Trouble words={trouble} />
    </>
  )
}
