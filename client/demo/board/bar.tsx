import { useEffect, useState } from 'react'
import type { RoomStateName } from '../../room/types.ts'
import { CopyLink } from '../parts/copy.tsx'

export interface BarProps {
  link: string
  state: RoomStateName
  /** Own edits that the server has not confirmed yet. */
  pending: number
  canUndo: boolean
  canRedo: boolean
  onUndo: () => void
  onRedo: () => void
}

/** Whether what one does is safe with the server, and the way back. */
export function Bar({ link, state, pending, canUndo, canRedo, onUndo, onRedo }: BarProps) {
  const isOffline = state === 'offline'
  return (
    <section className="panel bar" aria-label="Board">
      <p className={isOffline ? 'trouble' : 'dim'} data-testid="server" data-state={state} data-pending={pending}>
        <span role="status">{isOffline ? 'Offline.' : 'Online.'}</span> <Waiting {...{ isOffline, pending }} />
      </p>
      <div className="row">
        <button type="button" onClick={onUndo} disabled={!canUndo} aria-keyshortcuts="Control+Z">
          Undo
        </button>
        <button type="button" onClick={onRedo} disabled={!canRedo} aria-keyshortcuts="Control+Shift+Z">
          Redo
        </button>
        <CopyLink link={link} />
      </div>
    </section>
  )
}

function Waiting({ isOffline, pending }: { isOffline: boolean; pending: number }) {
  const isLate = useLate(pending > 0)
  const changes = `${pending} ${pending === 1 ? 'change' : 'changes'}`
  if (!isOffline) return isLate ? `${changes} on the way.` : 'What you do is saved as you do it.'
  if (pending === 0) return 'Go on: what you do is kept in this tab, and sent when the server is back.'
  return `${changes} waiting in this tab, to be sent when the server is back.`
}

const LATE_MS = 600

/** True once it has been so for a while: each edit is on its way for a moment, which is no news. */
function useLate(is: boolean): boolean {
  const [late, setLate] = useState(false)
  useEffect(() => {
    if (!is) return setLate(false)
    const timer = setTimeout(() => setLate(true), LATE_MS)
    return () => clearTimeout(timer)
  }, [is])
  return is && late
}
