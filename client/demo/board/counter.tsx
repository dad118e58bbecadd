import { BOUNDS } from './data.ts'

/** A number that several change at once: each press adds to it, whatever it is by then. */
export function Counter({ count, onAdd }: { count: number; onAdd: (by: number) => void }) {
  return (
    <section className="panel counter" aria-labelledby="counter-title">
      <h2 id="counter-title">Counter</h2>
      <div className="row">
        <button type="button" onClick={() => onAdd(-1)} disabled={count <= BOUNDS.min} aria-label="One less">
          −
        </button>
        <p className="count" data-testid="count" aria-label="Count">
          {count}
        </p>
        <button type="button" onClick={() => onAdd(1)} disabled={count >= BOUNDS.max} aria-label="One more">
          +
        </button>
      </div>
      <p className="dim">
        The server keeps it between {BOUNDS.min} and {BOUNDS.max}.
      </p>
    </section>
  )
}
