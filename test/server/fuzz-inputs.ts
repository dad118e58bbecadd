/** A seeded random number generator (mulberry32): the same seed makes the same requests. */
export function seeded(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (n: number) => Math.floor(next() * n)
  /** One of the things, which are never none. */
  const pick = <T>(things: readonly [T, ...T[]]): T => things[below(things.length)] ?? things[0]
  return { below, pick, chance: (p: number) => next() < p }
}
export type Random = ReturnType<typeof seeded>

type Json = Record<string, unknown>
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])

/** Values that some code somewhere did not expect. */
const WILD: readonly [unknown, ...unknown[]] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  -0,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  '0',
  'NaN',
  'a\u0000b',
  '\u001b[2J',
  'line\nfeed',
  'sep\u2028arator',
  '\ud800',
  'x\udfff',
  '😀'.repeat(64),
  'é'.repeat(129),
  '__proto__',
  'constructor',
  '$where',
  '{"$gt":""}',
  '../../etc/passwd',
  '%00',
  'x'.repeat(50_000),
  [],
  {},
  [[]],
  [null],
  { $gt: '' },
  { $ne: null },
  { length: 1e9 },
  { toString: 1 },
  { then: 1 },
  Array(200).fill(0),
  nested(60),
  nested(70),
]
const KEYS = ['__proto__', 'constructor', 'prototype', '$set', 'a.b', '', 'room', 'toJSON', '_id', 'live'] as const

/** The same input with one or a few fields gone wrong. */
export function mutated(base: unknown, random: Random): unknown {
  if (!isJson(base) || random.chance(0.1)) return random.pick(WILD)
  const entries = Object.entries(base)
  for (let times = 1 + random.below(2); times > 0; times--) {
    const at = random.below(entries.length + 1)
    const entry = entries[at]
    if (entry === undefined || random.chance(0.1)) entries.push([random.pick(KEYS), random.pick(WILD)])
    else if (random.chance(0.2)) entries.splice(at, 1)
    else entry[1] = random.chance(0.2) ? mutated(entry[1], random) : random.pick(WILD)
  }
  // As own properties: `__proto__` too, which an object literal would take for the prototype.
  return Object.defineProperties(
    {},
    Object.fromEntries(entries.map(([key, value]) => [key, { value, enumerable: true, configurable: true }])),
  )
}

const TYPES = ['Date', 'undefined', 'bigint', 'set', 'map', 'regexp', 'Error', 'URL', 'number', 'nonsense'] as const
const PATHS = [
  'room',
  'offer',
  'name',
  '',
  'a.b',
  '__proto__.x',
  'constructor.prototype',
  'room.9',
  '4000000000',
  '\\',
] as const

/** Annotations for superjson's reader that no client of ours writes. */
function meta(random: Random): unknown {
  const path = random.pick(PATHS)
  const type = random.pick(TYPES)
  return random.pick([
    { values: { [path]: [type] } },
    { values: [type] },
    { values: { [path]: [['typed-array', 'Float64Array']] } },
    { values: { [path]: [['class', 'Object']] } },
    { values: { [path]: [['custom', 'x']] } },
    { values: { [path]: [['symbol', 'iterator']] } },
    { values: { [path]: [type, { [path]: [type] }] }, v: 1 },
    { referentialEqualities: { [path]: ['room', 'offer'] } },
    { referentialEqualities: [['room.x'], { room: [path] }] },
    { values: random.pick(WILD) },
    random.pick(WILD),
  ])
}

/** Damage that JSON.stringify would not do. */
function broken(text: string, random: Random): string | Uint8Array<ArrayBuffer> {
  const at = random.below(text.length + 1)
  switch (random.below(5)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + random.pick(['\u0000', '"', '}', '[', ',', '\\', '\ud800', '1e999']) + text.slice(at)
    case 2:
      return random.pick(['[', '{"a":', '[[1],']).repeat(random.pick([50, 1_000, 10_000]))
    case 3:
      return Uint8Array.from({ length: 1 + random.below(200) }, () => random.below(256))
    default:
      return text + text
  }
}

/** A request's body: an input that may be valid, wrong, or no JSON at all; with `superjson`, in tRPC's envelope. */
export function bodyOf(base: unknown, random: Random, { superjson }: { superjson: boolean }) {
  const input = random.chance(0.15) ? base : mutated(base, random)
  const envelope = superjson ? { json: input, ...(random.chance(0.3) ? { meta: meta(random) } : {}) } : input
  const text = JSON.stringify(superjson && random.chance(0.05) ? input : envelope) ?? ''
  return random.chance(0.15) ? broken(text, random) : text
}
