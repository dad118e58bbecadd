import type { ReactNode } from 'react'
import type { QuizListed } from '../../../../shared/quiz/wire.ts'
import { useFoyer } from '../../../react-query.ts'
import { Ago } from '../parts/ago.tsx'
import { Listing } from '../parts/listing.tsx'
import { Trouble } from '../parts/trouble.tsx'
import { nameOf } from '../people.ts'
import { useSite } from '../site.ts'
import { useEnter } from '../use-enter.ts'
import { usePages } from '../use-pages.ts'
import { KINDS, roomTitle } from './room-words.ts'
import { useDeckTitle } from './use-decks.ts'

const EVERY_MS = 5_000

/** The rooms that one is in. */
export function MyRooms() {
  const { client, go } = useSite()
  const foyer = useFoyer()
  const query = usePages({
    queryKey: foyer.quiz.list.pathKey(),
    page: (after, options) => client.quiz.list.query({ after }, options),
    everyMs: EVERY_MS,
  })
  const rooms = query.data?.pages.flatMap((page) => page.rooms) ?? []
  return (
    <section className="panel" aria-labelledby="rooms-title" data-testid="rooms">
      <h2 id="rooms-title">Your rooms</h2>
      <Listing
        query={query}
        empty={<p>You are in no room yet. Begin one with friends below, or open the room of a deck.</p>}
      >
        {newestFirst(rooms).map((room) => (
          <Row key={room.room} room={room}>
            {(title) => (
              <button type="button" onClick={() => go({ room: room.room })} aria-label={`Open ${title}`}>
                Open
              </button>
            )}
          </Row>
        ))}
      </Listing>
    </section>
  )
}

/** The rooms that hold a friend, which one may join. */
export function FriendsRooms() {
  const { client } = useSite()
  const foyer = useFoyer()
  const { enter, isBusy, trouble } = useEnter()
  const query = usePages({
    queryKey: foyer.quiz.friends.pathKey(),
    page: (after, options) => client.quiz.friends.query({ after }, options),
    everyMs: EVERY_MS,
  })
  const rooms = query.data?.pages.flatMap((page) => page.rooms) ?? []
  return (
    <section className="panel" aria-labelledby="joinable-title" data-testid="joinable">
      <h2 id="joinable-title">Friends’ rooms</h2>
      <Trouble words={trouble} />
      <Listing query={query} empty={<p>A group that a friend of yours is in shows here, and you may join it.</p>}>
        {newestFirst(rooms).map((room) => (
          <Row key={room.room} room={room}>
            {(title) => (
              <button
                type="button"
                disabled={isBusy}
                onClick={() => void enter(room.room)}
                aria-label={`Join ${title}`}
              >
                Join
              </button>
            )}
          </Row>
        ))}
      </Listing>
    </section>
  )
}

const newestFirst = (rooms: readonly QuizListed[]) => rooms.toSorted((a, b) => b.at - a.at)

function Row({ room, children }: { room: QuizListed; children: (title: string) => ReactNode }) {
  const { me } = useSite()
  const deckTitle = useDeckTitle()
  const title = roomTitle(room, { me, nameOf, deckTitle })
  return (
    <li className="person" data-room={room.room}>
      <div>
        <p className="name">{title}</p>
        <p className="dim">
          {KINDS[room.kind]} · <Ago at={room.at} />
        </p>
        {room.last !== null && <p className="dim said">“{room.last}”</p>}
      </div>
      {children(title)}
    </li>
  )
}
