import { useRef } from 'react'
import { useNotifications } from '../../../react.ts'
import { Title } from '../../parts/title.tsx'
import { useSite } from '../site.ts'
import { DecksPanel } from './decks.tsx'
import { FriendsPanel } from './friends.tsx'
import { InboxPanel } from './inbox.tsx'
import { NewRoom } from './new-room.tsx'
import { PublicDecks } from './public-decks.tsx'
import { FriendsRooms, MyRooms } from './rooms.tsx'

/** Where everything begins: rooms, decks, friends, and what one has to hear of. */
export function Home({ onLeave }: { onLeave: () => void }) {
  const { client, name } = useSite()
  const { unread } = useNotifications(client)
  const inbox = useRef<HTMLHeadingElement>(null)
  return (
    <div className="stage home" data-testid="home">
      <div className="intro">
        <p className="kicker">
          You are {name} ·{' '}
          <button type="button" className="plain" onClick={onLeave}>
            be somebody else
          </button>
        </p>
        <Title>Quiz rooms</Title>
        {unread > 0 && (
          <p className="lead jump">
            <button type="button" className="plain" onClick={() => inbox.current?.focus()}>
              {unread} unread {unread === 1 ? 'notification' : 'notifications'}
            </button>
          </p>
        )}
      </div>
      <div className="stack left">
        <MyRooms />
        <FriendsRooms />
        <NewRoom />
        <DecksPanel />
      </div>
      <div className="stack">
        <InboxPanel heading={inbox} />
        <FriendsPanel />
        <PublicDecks />
      </div>
    </div>
  )
}
