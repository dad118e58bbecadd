import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { FoyerProvider, useRooms } from '../../../react-query.ts'
import { clientOf, type Guest } from '../guest.ts'
import { titleOf } from '../place.ts'
import { boardWords } from '../words.ts'

export interface BoardsProps {
  guest: Guest
  onChoose: (room: string) => void
}

/** The boards that this guest owns or is on. */
export function Boards({ guest, onChoose }: BoardsProps) {
  const [{ queryClient, trpcClient }] = useState(() => ({
    queryClient: new QueryClient(),
    trpcClient: clientOf(guest),
  }))
  return (
    <QueryClientProvider client={queryClient}>
      <FoyerProvider trpcClient={trpcClient} queryClient={queryClient}>
        <Listing onChoose={onChoose} />
      </FoyerProvider>
    </QueryClientProvider>
  )
}

function Listing({ onChoose }: Pick<BoardsProps, 'onChoose'>) {
  const { rooms, query } = useRooms()
  return (
    <section className="panel" aria-labelledby="boards-title" data-testid="boards" data-state={query.status}>
      <h2 id="boards-title">Your boards</h2>
      {query.isPending && <p className="dim">Looking …</p>}
      {query.isError && (
        <p className="trouble" role="status">
          {boardWords(query.error)}
        </p>
      )}
      {query.isSuccess && rooms.length === 0 && <p className="empty">You are on no board.</p>}
      {rooms.length > 0 && (
        <ul className="people">
          {rooms.map(({ room, metadata, occupants }) => (
            <li key={room} className="person" data-board={room}>
              <div>
                <p className="name">{titleOf(metadata)}</p>
                <p className="dim">{occupants.length === 1 ? 'one person' : `${occupants.length} people`}</p>
              </div>
              <button type="button" onClick={() => onChoose(room)} aria-label={`Open ${titleOf(metadata)}`}>
                Open
              </button>
            </li>
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <button type="button" className="quiet" onClick={() => void query.fetchNextPage()}>
          More
        </button>
      )}
    </section>
  )
}
