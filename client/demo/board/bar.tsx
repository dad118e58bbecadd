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
  return (
    <section className="panel bar" aria-label="Board">
      <p role="status" className={state === 'offline' ? 'trouble' : 'dim'} data-testid="server" data-state={state}>
        <Connection state={state} pending={pending} />
      </p>
      <div className="row">
        <button type="button" onClick={onUndo} disabled={!canUndo} title="Ctrl+Z">
          Undo
        </button>
        <button type="button" onClick={onRedo} disabled={!canRedo} title="Ctrl+Shift+Z">
          Redo
        </button>
        <CopyLink link={link} />
      </div>
    </section>
  )
}

function Connection({ state, pending }: Pick<BarProps, 'state' | 'pending'>) {
  const waiting = `${pending} ${pending === 1 ? 'change' : 'changes'}`
  if (state === 'offline')
    return pending === 0
      ? 'Offline. Go on: what you do is kept in this tab, and sent when the server is back.'
      : `Offline. ${waiting} waiting in this tab, to be sent when the server is back.`
  return <>Online. {pending > 0 ? `${waiting} on the way.` : 'Everything is saved.'}</>
}
