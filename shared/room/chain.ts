import type { Effect, Tokens } from './effects.ts'
import { type Aim, after, before, transposed } from './shift.ts'

/** An effect of an operation of the command, as its sender saw it (`old`) and as it is now (`now`). */
interface Own {
  old: Effect
  now: Effect
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
  toNow(tokens: Tokens, aim: Aim = 'value'): Tokens | null {
    return this.#cross(tokens, ['old', 'now'], aim)
  }

  /** From what is to what the sender saw; null: the sender did not see it, or not for sure. */
  toOld(tokens: Tokens): Tokens | null {
    return this.#cross(tokens, ['now', 'old'], 'value')
  }

  #cross(tokens: Tokens, [from, to]: readonly ['old', 'now'] | readonly ['now', 'old'], aim: Aim): Tokens | null {
    let at: Tokens | null = tokens
    for (let step = this.#own.length - 1; step >= 0; step--) {
      const own = this.#own[step]
      if (own === undefined || at === null) return null
      const earlier = before(at, own[from])
      if (earlier === null) return this.#forth(transposed(at, own[from], own[to]), { to, step: step + 1, aim })
      at = earlier
    }
    if (from === 'now') at = this.past.reduceRight<Tokens | null>((all, effect) => all && before(all, effect), at)
    else at = this.past.reduce<Tokens | null>((all, effect) => all && after(all, effect, aim), at)
    return this.#forth(at, { to, step: 0, aim })
  }

  /** Over the command's own operations from `step` on. */
  #forth(tokens: Tokens | null, { to, step, aim }: { to: 'old' | 'now'; step: number; aim: Aim }): Tokens | null {
    return this.#own.slice(step).reduce<Tokens | null>((all, own) => all && after(all, own[to], aim), tokens)
  }
}
