import { useState } from 'react'
import { type RoomStatus, useRoom } from '../../react.ts'
import { Title } from '../parts/title.tsx'
import { type BoardSchema, boardSchema } from './data.ts'
import { clientOf, forgetGuest, type Guest } from './guest.ts'
import { OpenBoard } from './open.tsx'
import { Over, type OverProps } from './over.tsx'
import { titleOf } from './place.ts'
import { boardWords, endWords } from './words.ts'

export interface BoardRoomProps {
  guest: Guest
  room: string
  onBack: () => void
  /** Somebody has to say anew who they are, and comes to the same board. */
  onSignIn: () => void
}

/** One board, from opening to its end. */
export function BoardRoom({ guest, room: id, onBack, onSignIn }: BoardRoomProps) {
  const [client] = useState(() => clientOf(guest))
  const board = useRoom({ client, room: id, schema: boardSchema, store: sessionStorage })
  const { status } = board
  const [title, setTitle] = useState<string | null>(null)
  // A deleted board has none: it keeps the one that it had.
  const titleNow = status === 'open' ? titleOf(board.view.metadata) : title
  if (titleNow !== title) setTitle(titleNow)
  const leave = (go: () => void) => () => {
    if (errorOf(board)?.rule === 'unauthorized') forgetGuest()
    go()
  }
  const ways = { again: againAfter(board, leave(onSignIn)), onBack: leave(onBack) }
  return (
    <div className="stage" data-testid="board" data-state={status}>
      <div className="intro">
        <p className="kicker">A shared board, as {guest.name}</p>
        <Title>{titleNow ?? (status === 'opening' ? 'Opening …' : 'No board')}</Title>
      </div>
      {status === 'open' && <OpenBoard board={board} name={guest.name} />}
      {status === 'failed' && <Over words={boardWords(board.error)} {...ways} />}
      {status === 'ended' && <Over words={endWords(board.end)} {...ways} />}
    </div>
  )
}

/** Where trying again is of no use. */
const FINAL: ReadonlySet<string> = new Set(['room-gone', 'banned', 'unfit-data', 'guests-off'])

const errorOf = (board: RoomStatus<BoardSchema>) =>
  board.status === 'failed' ? board.error : board.status === 'ended' ? board.end.error : undefined

function againAfter(board: RoomStatus<BoardSchema>, signIn: () => void): OverProps['again'] {
  if (board.status === 'opening' || board.status === 'open') return undefined
  if (errorOf(board)?.rule === 'unauthorized') return { name: 'Come in again', go: signIn }
  const isFinal =
    board.status === 'failed' ? FINAL.has(board.error.rule) : board.end.why === 'deleted' || board.end.why === 'banned'
  return isFinal ? undefined : { name: 'Open it again', go: board.reopen }
}
