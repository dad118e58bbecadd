import { useState } from 'react'

export interface WaysProps {
  isOwner: boolean
  onLeave: () => void
  onDelete: () => void
}

/** The ways out: leaving, and for the owner the end of the board for everybody, which is asked about first. */
export function Ways({ isOwner, onLeave, onDelete }: WaysProps) {
  // `kept`: the question was there, and the focus with it.
  const [state, setState] = useState<'idle' | 'asks' | 'kept'>('idle')
  if (state === 'asks')
    return (
      <section className="panel" aria-label="Delete the board">
        <p>Delete this board for everybody? It cannot be brought back.</p>
        <div className="row">
          <button type="button" onClick={onDelete}>
            Delete for everybody
          </button>
          <button type="button" className="quiet" onClick={() => setState('kept')} autoFocus>
            Keep it
          </button>
        </div>
      </section>
    )
  return (
    <div className="row">
      <button type="button" className="quiet" onClick={onLeave}>
        Leave
      </button>
      {isOwner && (
        <button type="button" className="quiet" onClick={() => setState('asks')} autoFocus={state === 'kept'}>
          Delete board
        </button>
      )}
    </div>
  )
}
