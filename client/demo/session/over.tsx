export interface OverProps {
  words: string
  onBack: () => void
}

/** The end of a session or a seat, in plain words. */
export function Over({ words, onBack }: OverProps) {
  return (
    <section className="panel" aria-label="The end" data-testid="over">
      <p role="alert">{words}</p>
      <div className="row">
        <button type="button" onClick={onBack} data-testid="back">
          Back to the sessions
        </button>
      </div>
    </section>
  )
}
