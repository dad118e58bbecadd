export interface OverProps {
  words: string
  /** A way on with this board; absent: there is none. */
  again: { name: string; go: () => void } | undefined
  onBack: () => void
}

/** The end of a board, or of a seat on it, in plain words. */
export function Over({ words, again, onBack }: OverProps) {
  return (
    <section className="panel" aria-label="The end" data-testid="over">
      <p role="alert">{words}</p>
      <div className="row">
        {again !== undefined && (
          <button type="button" className="main" onClick={again.go}>
            {again.name}
          </button>
        )}
        <button type="button" onClick={onBack} data-testid="back">
          Back to the boards
        </button>
      </div>
    </section>
  )
}
