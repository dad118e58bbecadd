import type { Json } from '../../shared/json.ts'

/** Random choices that a seed makes again (mulberry32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number in [0, count). */
  below(count: number): number {
    return Math.floor(this.next() * count)
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  of<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0]
  }
}

/** Keys that some path of some code takes for something else. */
export const AWKWARD_KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  '.',
  'a.b',
  '$x',
  '@a',
  '-',
  '0',
  '7',
  '01',
  'a/b',
  'm~n',
  '~1',
  ' ',
  'é',
  '日本',
  '👩‍👩‍👧',
  '\ud83d',
  'length',
  'id',
] as const

const TEXTS = [
  '',
  'a',
  'b',
  'tab\tquote"back\\',
  '\u0000\u001f\u007f',
  'é߿ࠀ',
  '日本',
  '😀',
  '\udc00\ud800',
  '\u2028',
] as const
const NUMBERS = [0, 1, -1, 0.1, 1e21, 5e-324, 1.7976931348623157e308, 123_456_789, -1.5] as const
const IDS = ['a', 'b', 'c', 'd', 'e', 'a/b'] as const

export const randomKey = (random: Random): string =>
  random.chance(0.5) ? random.of(['a', 'b', 'c', 'list', 'n']) : random.of(AWKWARD_KEYS)
export const randomId = (random: Random): string => random.of(IDS)
export const randomScalar = (random: Random): Json =>
  random.of<Json>([null, true, false, random.of(TEXTS), random.of(NUMBERS), random.below(9)])

/** A small value of JSON; many elements of lists have ids. */
export function randomJson(random: Random, depth = 3): Json {
  if (depth === 0 || random.chance(0.4)) return randomScalar(random)
  const parts = Array.from({ length: random.below(4) }, () => randomJson(random, depth - 1))
  if (random.chance(0.4)) return parts
  const entries = parts.map((part) => [randomKey(random), part] as const)
  // Object.fromEntries defines keys, and so makes an own `__proto__`.
  return Object.fromEntries(random.chance(0.4) ? [['id', randomId(random)], ...entries] : entries)
}
