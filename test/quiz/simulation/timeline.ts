/** Virtual time: what is due runs in its order, equals in the order in which they were asked for. */
export class Timeline {
  now = 0
  #queue: { at: number; order: number; run: () => void }[] = []
  #order = 0

  after(ms: number, run: () => void): void {
    const entry = { at: this.now + Math.max(0, ms), order: this.#order++, run }
    let low = 0
    let high = this.#queue.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#queue[middle]?.at ?? 0) <= entry.at) low = middle + 1
      else high = middle
    }
    this.#queue.splice(low, 0, entry)
  }

  run(until: number): void {
    for (let next = this.#queue[0]; next !== undefined && next.at <= until; next = this.#queue[0]) {
      this.#queue.shift()
      this.now = next.at
      next.run()
    }
    this.now = until
  }
}
