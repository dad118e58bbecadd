import { useState } from 'react'
import { useRoom } from '../../react.ts'
import { Title } from '../parts/title.tsx'
import { boardSchema } from './data.ts'
import { clientOf, forgetGuest, type Guest } from './guest.ts'
import { OpenBoard } from './open.tsx'
import { Over } from './over.tsx'
import { titleOf } from './place.ts'
import { boardWords, endWords } from './words.ts'

export interface BoardRoomProps {
  guest: Guest
  room: string
  onBack: () => void
}

/** Who was banned, or whose board is gone, need not try again. */
const FINAL: ReadonlySet<string> = new Set(['room-gone', 'banned', 'unfit-data', 'unauthorized'])

/** One board, from opening to its end. */
export function BoardRoom({ guest, room: id, onBack }: BoardRoomProps) {
  const [client] = useState(() => clientOf(guest))
  const board = useRoom({ client, room: id, schema: boardSchema, store: sessionStorage })
  const { status } = board
  const over = status === 'failed' ? board.error : status === 'ended' ? board.end.error : undefined
  const back = () => {
    if (over?.rule === 'unauthorized') forgetGuest()
    onBack()
  }
  const [title, setTitle] = useState<string | null>(null)
  // A deleted board has none: it keeps the one that it had.
  const titleNow = status === 'open' ? titleOf(board.view.metadata) : title
  if (titleNow !== title) setTitle(titleNow)
  return (
    <div className="stage" data-testid="board" data-state={status}>
      <div className="intro">
        <p className="kicker">A shared board, as {guest.name}</p>
        <Title>{titleNow ?? (status === 'opening' ? 'Opening …' : 'No board')}</Title>
      </div>
      {status === 'open' && <OpenBoard board={board} name={guest.name} />}
      {status === 'failed' && (
        <Over
          words={boardWords(board.error)}
          onAgain={FINAL.has(board.error.rule) ? undefined : board.reopen}
          onBack={back}
        />
      )}
      {status === 'ended' && (
        <Over
          words={endWords(board.end)}
          onAgain={board.end.why === 'kicked' || board.end.why === 'left' ? board.reopen : undefined}
          onBack={back}
        />
      )}
    </div>
  )
}
