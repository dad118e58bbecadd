export interface OverProps {
  words: string
  /** Absent: there is no way back into this board. */
  onAgain: (() => void) | undefined
  onBack: () => void
}

/** The end of a board, or of a seat on it, in plain words. */
export function Over({ words, onAgain, onBack }: OverProps) {
  return (
    <section className="panel" aria-label="The end" data-testid="over">
      <p role="alert">{words}</p>
      <div className="row">
        {onAgain !== undefined && (
          <button type="button" className="main" onClick={onAgain}>
            Open it again
          </button>
        )}
        <button type="button" onClick={onBack} data-testid="back">
          Back to the boards
        </button>
      </div>
    </section>
  )
}
