import type { FriendAction, FriendStatus } from '../../../../shared/friend/pair.ts'
import type { Friend } from '../../../../shared/friend/schema.ts'
import { Trouble } from '../parts/trouble.tsx'
import { nameOf } from '../people.ts'
import { useFriendAct } from './use-friends.ts'

const STANDING: Readonly<Record<FriendStatus, string>> = {
  incoming: 'asks to be your friend',
  friends: 'friend',
  requested: 'asked, no answer yet',
  blocked: 'blocked',
  none: '',
}

interface Way {
  action: FriendAction
  name: string
  /** For who hears it alone. */
  full: (who: string) => string
  isMain?: boolean
}

const BLOCK: Way = { action: 'block', name: 'Block', full: (who) => `Block ${who}` }
/** What one may do, by how one stands to them. */
const WAYS: Readonly<Record<FriendStatus, readonly Way[]>> = {
  incoming: [
    { action: 'accept', name: 'Accept', full: (who) => `Accept ${who} as a friend`, isMain: true },
    { action: 'decline', name: 'Decline', full: (who) => `Decline ${who}` },
    BLOCK,
  ],
  friends: [{ action: 'remove', name: 'Remove', full: (who) => `Remove ${who} from your friends` }, BLOCK],
  requested: [{ action: 'remove', name: 'Take back', full: (who) => `Take back your request to ${who}` }],
  blocked: [{ action: 'unblock', name: 'Unblock', full: (who) => `Unblock ${who}` }],
  none: [],
}

/** Somebody, how one stands to them, and what one may do about it. */
export function FriendRow({ friend: { user, status } }: { friend: Friend }) {
  const who = nameOf(user)
  const { act, isBusy, trouble } = useFriendAct()
  return (
    <li className="person" data-friend={user} data-state={status}>
      <div>
        <p className="name">{who}</p>
        <p className="dim">{STANDING[status]}</p>
      </div>
      <div className="row">
        {WAYS[status].map(({ action, name, full, isMain }) => (
          <button
            key={action}
            type="button"
            className={isMain ? 'main small' : 'quiet small'}
            disabled={isBusy}
            onClick={() => void act(action, user)}
            aria-label={full(who)}
          >
            {name}
          </button>
        ))}
      </div>
      <Trouble words={trouble} />
    </li>
  )
}
