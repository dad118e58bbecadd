import { useState } from 'react'

/** Leaving, and for the owner the end of the board for everybody: asked twice. */
export function Ways({ isOwner, onLeave, onDelete }: { isOwner: boolean; onLeave: () => void; onDelete: () => void }) {
  const [asks, setAsks] = useState(false)
  if (asks)
    return (
      <section className="panel" aria-label="Delete the board">
        <p>Delete this board for everybody? It cannot be brought back.</p>
        <div className="row">
          <button type="button" onClick={onDelete}>
            Delete for everybody
          </button>
          <button type="button" className="quiet" onClick={() => setAsks(false)} autoFocus>
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
        <button type="button" className="quiet" onClick={() => setAsks(true)}>
          Delete board
        </button>
      )}
    </div>
  )
}
