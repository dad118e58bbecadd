import type { Json, JsonObject } from '../../shared/json.ts'
import type { Element, Operation, PatchOperation } from '../../shared/room/operations.ts'
import { formatPointer } from '../../shared/room/pointer.ts'
import { type Random, randomId, randomJson, randomKey, randomScalar } from './random.ts'

const isDictionary = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)
const isNumber = (value: Json) => typeof value === 'number'

interface Found {
  path: string
  value: Json
}

/** Everything in the data, by the pointers that lead there: with ids where a list's elements have them and `ids` says so. */
function everything(data: Json, { random, options }: Operations, ids: boolean): [Found, ...Found[]] {
  const all: [Found, ...Found[]] = [{ path: '', value: data }]
  for (const { path, value } of all) {
    if (!isDictionary(value) && !isList(value)) continue
    for (const [key, part] of Object.entries<Json>(value)) {
      if (key === options.hidden) continue
      const id = ids && isList(value) && isDictionary(part) && random.chance(0.5) ? part.id : undefined
      const token = formatPointer([typeof id === 'string' ? `@${id}` : key])
      all.push({ path: path + token, value: part })
    }
  }
  return all
}

/** Makes operations that mostly fit the data they are for, and sometimes nearly. */
export class Operations {
  #byIndex: [Found, ...Found[]] | null = null
  #byId: [Found, ...Found[]] | null = null

  /** `value`: makes the values that come in. `hidden`: a key that stays as it is. */
  constructor(
    readonly random: Random,
    readonly data: Json,
    readonly options: { value?: (random: Random) => Json; hidden?: string } = {},
  ) {}

  #new(depth = 2): Json {
    return this.options.value?.(this.random) ?? randomJson(this.random, depth)
  }

  operation(): Operation {
    const { random } = this
    if (random.chance(0.08)) return { op: 'patch', patch: Array.from({ length: random.below(4) }, () => this.part()) }
    return random.chance(0.5) ? this.#list() : this.#plain()
  }

  /** One operation of a JSON Patch. */
  part(): PatchOperation {
    const { random } = this
    const op = random.of(['add', 'replace', 'test', 'remove', 'move', 'copy'] as const)
    const path = random.chance(0.6) ? this.#path(false) : this.#place(false)
    if (op === 'remove') return { op, path }
    if (op === 'move' || op === 'copy') return { op, from: this.#path(false), path }
    return { op, path, value: this.#value(path) }
  }

  #plain(): Operation {
    const { random } = this
    const path = random.chance(0.5) ? this.#path() : this.#place()
    const value = this.#value(path)
    return random.of<() => Operation>([
      () => ({ op: 'set', path, value }),
      () => ({ op: 'setIfAbsent', path, value }),
      () => ({ op: 'compareAndSet', path, value, expect: random.chance(0.7) ? this.#value(path) : undefined }),
      () => ({ op: 'merge', path: this.#pathOf(isDictionary), value: { [randomKey(random)]: value, b: 1 } }),
      () => ({ op: 'delete', path }),
      () => this.#increment(),
      () => ({ op: 'test', path, value }),
      () => ({ op: 'mergePatch', path: random.chance(0.5) ? this.#pathOf(isDictionary) : path, patch: this.#patch() }),
    ])()
  }

  #increment(): Operation {
    const { random } = this
    const path = random.chance(0.7) ? this.#pathOf(isNumber) : this.#place()
    const bounds = random.chance(0.4) ? { min: -5, max: 5 + random.below(100) } : {}
    const clamp = random.chance(0.3) ? { clamp: true as const } : {}
    return { op: 'increment', path, by: random.of([1, -1, 0, 0.1, 1e308, -7]), ...bounds, ...clamp }
  }

  #list(): Operation {
    const { random } = this
    const path = this.#pathOf(isList)
    const at = (): Element => (random.chance(0.4) ? { id: randomId(random) } : { index: random.below(5) })
    const value = this.#new()
    return random.of<() => Operation>([
      () => ({ op: 'insert', path, at: at(), value }),
      () => ({ op: 'insert', path, at: at(), value: { id: randomId(random), v: value } }),
      () => ({ op: 'append', path, values: Array.from({ length: random.below(3) }, () => this.#new()) }),
      () => ({ op: 'remove', path, at: at() }),
      () => ({ op: 'replace', path, at: at(), value }),
      () => ({
        op: 'move',
        path,
        at: at(),
        to: random.of<Extract<Operation, { op: 'move' }>['to']>([random.below(4), 'end', { before: randomId(random) }]),
      }),
    ])()
  }

  #patch(): Json {
    const { random } = this
    // Where a key is hidden, no dictionary: it would write to that key of the one that it is merged into.
    const value = () => (this.options.hidden === undefined ? this.#new() : [this.#new()])
    const part = random.chance(0.4) ? null : value()
    return random.chance(0.8) ? { [randomKey(random)]: part, [randomKey(random)]: value() } : part
  }

  /** Often what stands there, so that tests hold. */
  #value(path: string): Json {
    const { random } = this
    const there = random.chance(0.5) ? this.#all(false).find((found) => found.path === path) : undefined
    return there?.value ?? (random.chance(0.5) ? this.#new() : randomScalar(random))
  }

  #all(ids: boolean): [Found, ...Found[]] {
    if (ids) return (this.#byId ??= everything(this.data, this, true))
    return (this.#byIndex ??= everything(this.data, this, false))
  }

  #path(ids = true): string {
    return this.random.of(this.#all(ids)).path
  }

  #pathOf(kind: (value: Json) => boolean): string {
    const [first, ...others] = this.#all(true).filter(({ value }) => kind(value))
    return first === undefined ? this.#path() : this.random.of([first, ...others]).path
  }

  /** A place below something: mostly free. */
  #place(ids = true): string {
    const { random } = this
    const token = random.chance(0.3) ? random.of(['-', '0', '1', '2', '5']) : randomKey(random)
    return this.#path(ids) + formatPointer([token])
  }
}
