import type { Effect, Tokens } from './effects.ts'
import { after, before, transposed } from './shift.ts'

/** An effect of an operation of the command, as its sender saw it (`old`) and as it is now (`now`). */
interface Own {
  old: Effect
  now: Effect
}
type Side = keyof Own

/** What is sought: a value, or the gap `before` an element; where that has gone, the `place` where it stood. */
export type Sought = 'value' | 'before'
interface Spot {
  tokens: Tokens
  sought: Sought | 'place'
}

/**
 * Two lines of versions out of one: what the sender of a command saw (the version that it was made on, then its own operations),
 * and what is (what others did since, then the same operations). Tokens of one are carried over into the other.
 */
export class Chain {
  readonly #own: Own[] = []

  /** `past`: what was done since the version that the command was made on. */
  constructor(readonly past: readonly Effect[]) {}

  push(old: Effect, now: Effect): void {
    this.#own.push({ old, now })
  }

  /** From what the sender saw to what is; null: gone, or nothing sure. */
  toNow(tokens: Tokens, sought: Sought = 'value'): Tokens | null {
    const { at, step } = this.#back(tokens, 'old', 'now')
    let spot: Spot | null = at && { tokens: at, sought }
    if (step === 0) spot = onwards(spot, this.past)
    return onwards(spot, this.#ownFrom(step, 'now'))?.tokens ?? null
  }

  /** From what is to what the sender saw; null: the sender did not see it, or not for sure. */
  toOld(tokens: Tokens): Tokens | null {
    let { at, step } = this.#back(tokens, 'now', 'old')
    if (step === 0) for (const effect of this.past.toReversed()) at = at && before(at, effect)
    return onwards(at && { tokens: at, sought: 'value' }, this.#ownFrom(step, 'old'))?.tokens ?? null
  }

  /** Back over the command's own operations; where one of them brought the thing, it is in the other line from that `step` on. */
  #back(tokens: Tokens, from: Side, to: Side): { at: Tokens | null; step: number } {
    let at = tokens
    for (const [index, own] of [...this.#own.entries()].reverse()) {
      const earlier = before(at, own[from])
      if (earlier === null) return { at: transposed(at, own[from], own[to]), step: index + 1 }
      at = earlier
    }
    return { at, step: 0 }
  }

  #ownFrom(step: number, side: Side): Effect[] {
    return this.#own.slice(step).map((own) => own[side])
  }
}

function onwards(from: Spot | null, effects: readonly Effect[]): Spot | null {
  let spot = from
  for (const effect of effects) {
    if (spot === null) return null
    const { tokens, sought }: Spot = spot
    const same = sought === 'place' ? null : after(tokens, effect, 'value')
    const place = same === null && sought !== 'value' ? after(tokens, effect, 'place') : null
    if (same !== null) spot = { tokens: same, sought }
    else spot = place && { tokens: place, sought: 'place' }
  }
  return spot
}
