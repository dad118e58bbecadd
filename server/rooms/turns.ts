/** Who saw another process write in this room within this long gives it its turn: room-log.md 8. */
const CONTENDED_MS = 200

/**
 * Whose turn it is in a room that several processes write to: that of the one that has waited longest since its last document. The
 * others wait for its document, or until it had the time for one, so that few are refused, decided again and sent again. A hint
 * that every process works out for itself: the unique index decides.
 */
export class Turns {
  /** When each other process's last document was folded here. */
  readonly #others = new Map<string, number>()
  #own = Number.NEGATIVE_INFINITY
  #last = Number.NEGATIVE_INFINITY
  #wake: (() => void) | null = null

  /** Our document was stored. */
  wrote(): void {
    this.#own = this.#last = performance.now()
  }

  /** Another process's document was folded. */
  heard(origin: string): void {
    this.#last = performance.now()
    this.#others.set(origin, this.#last)
    this.#wake?.()
  }

  /** Resolves when it is our turn; `stepMs` is the time that each before us gets. */
  async ours(stepMs: number): Promise<void> {
    for (;;) {
      const wait = this.#last + this.#before() * stepMs - performance.now()
      if (wait <= 0) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        setTimeout(resolve, wait)
      })
      this.#wake = null
    }
  }

  /** How many have waited longer than we. */
  #before(): number {
    const since = performance.now() - CONTENDED_MS
    for (const [origin, at] of this.#others) if (at < since) this.#others.delete(origin)
    return [...this.#others.values()].filter((at) => at < this.#own).length
  }
}
