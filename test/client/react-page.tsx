// The page of the React tests: every hook, and nothing around them. What it is given stands in its address.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, useEffect, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { connect } from '../../client/connect.ts'
import { FoyerProvider, useFoyer, useRooms } from '../../client/react-query.ts'
import { type RoomStatus, usePresence, useRoom } from '../../client/react.ts'

const given = new URLSearchParams(location.search)
const token = given.get('token') ?? ''
const schema = z.object({ title: z.string(), n: z.number() })
const cursor = z.object({ x: z.number() })
type Board = RoomStatus<typeof schema>

/** Counts what React puts on the screen, not what it renders: StrictMode renders twice. */
function Commits({ of }: { of: unknown }) {
  const shown = useRef<HTMLElement>(null)
  const count = useRef(0)
  useEffect(() => {
    if (shown.current !== null) shown.current.textContent = String(++count.current)
  }, [of])
  return <b ref={shown} data-testid="commits" />
}

function Status({ board }: { board: Board }) {
  if (board.status === 'opening') return <p>opening</p>
  if (board.status === 'open') {
    const { data, view } = board
    return <p>{`open ${data.title} ${data.n} pending ${view.pending}`}</p>
  }
  const words = board.status === 'ended' ? `${board.end.why} ${board.end.reason}`.trim() : board.error.rule
  return (
    <p>
      {`${board.status} ${words}`} <button onClick={board.reopen}>Again</button>
    </p>
  )
}

function First({ room }: { room: string }) {
  const board = useRoom({ url: '', token, room, schema })
  return (
    <div data-testid="first">
      <Status board={board} />
      <Commits of={board} />
      <button onClick={() => board.room?.set('/title', 'edited')}>Edit</button>
      <button onClick={() => board.room?.increment('/n')}>Add</button>
    </div>
  )
}

function Second({ room }: { room: string }) {
  const board = useRoom({ url: '', token, room, schema })
  const { others, own, present } = usePresence(board.room, { schema: cursor })
  return (
    <div data-testid="second">
      <Status board={board} />
      <i>{`own ${own?.state.x ?? '-'} others ${others.map(({ user, state }) => `${user}:${state.x}`).join()}`}</i>
      <button onClick={() => present({ x: 7 })}>Point</button>
    </div>
  )
}

/** Makes all its options at each render, as a careless component does. */
function Careless({ room }: { room: string }) {
  const board = useRoom({ url: '', token: () => token, room, schema: z.object({ title: z.string(), n: z.number() }) })
  return (
    <div data-testid="careless">
      <Status board={board} />
    </div>
  )
}

function Listed() {
  const foyer = useFoyer()
  const [queryClient] = useState(() => queries)
  const { rooms, query } = useRooms({ pageSize: 2 })
  return (
    <div data-testid="rooms">
      <p>{query.error === null ? `${query.status} ${rooms.length}` : query.error.rule}</p>
      <button disabled={!query.hasNextPage} onClick={() => void query.fetchNextPage()}>
        More
      </button>
      <button onClick={() => void queryClient.invalidateQueries(foyer.room.list.pathFilter())}>Refresh</button>
    </div>
  )
}

const PARTS = { first: First, second: Second, careless: Careless }
const queries = new QueryClient()
const client = connect({ url: '', token })

function App() {
  const [parts, show] = useState(given.get('parts')?.split(',') ?? [])
  const [room, goTo] = useState(given.get('room') ?? '')
  const [life, begin] = useState(0)
  const toggle = (name: string) =>
    show((now) => (now.includes(name) ? now.filter((one) => one !== name) : [...now, name]))
  return (
    <QueryClientProvider client={queries}>
      <FoyerProvider trpcClient={client} queryClient={queries}>
        {[...Object.keys(PARTS), 'rooms'].map((name) => (
          <button key={name} onClick={() => toggle(name)}>{`Toggle ${name}`}</button>
        ))}
        <button onClick={() => begin((now) => now + 1)}>Remount</button>
        <button onClick={() => goTo(given.get('other') ?? '')}>Other room</button>
        {Object.entries(PARTS).map(
          ([name, Part]) => parts.includes(name) && <Part key={`${name} ${life}`} room={room} />,
        )}
        {parts.includes('rooms') && <Listed />}
      </FoyerProvider>
    </QueryClientProvider>
  )
}

const root = document.createElement('main')
document.body.append(root)
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
