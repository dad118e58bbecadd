import type { Json } from '../json.ts'
import { LIMITS } from '../limits.ts'
import { RuleError } from '../rules.ts'
import { Copies, keysOf, type Own, write } from './copies.ts'
import { excessOf, jsonBytes, textBytes } from './measure.ts'
import type { Place } from './place.ts'
import { holdsList } from './values.ts'

export const limitReached = (what: 'bytes' | 'depth' | 'keys' | 'keyChars' | 'listLength') =>
  new RuleError('limit-reached', { what, limit: LIMITS.room[what] })

/**
 * The next version of the data in the making; the version before stays as it is. Places that were found before a change are void
 * after it. `limited`: LIMITS.room hold (limit-reached), else they held when the operations were decided.
 */
export class Draft {
  /** By how much the data's JSON text has grown, UTF-8. */
  bytes = 0
  /** Whether something that was overwritten or taken away was or had a list. */
  lostList = false
  #copied = 0
  readonly #copies: Copies

  constructor(
    data: Json,
    readonly limited: boolean,
  ) {
    this.#copies = new Copies(data)
  }

  get data(): Json {
    return this.#copies.root
  }

  /** Puts a value at a key, in place of an element, or in place of all data. `bytes`: those of the value. */
  put(place: Place, value: Json, bytes = this.#measured(value, place)): void {
    const own = this.#copies.open(place)
    const key = place.keys.at(-1) ?? ''
    if (place.value !== undefined) this.#lose(place.value)
    else if (own?.kind === 'dictionary') this.#addKey(own, String(key))
    if (own === null) this.#copies.root = value
    else write(own, key, value)
    this.bytes += bytes
  }

  /** Takes away what stands at a key or index. Path-missing at the root and where nothing stands. */
  take(place: Place, bytes?: number): void {
    const own = place.value === undefined ? null : this.#copies.open(place)
    const key = place.keys.at(-1)
    if (own === null || place.value === undefined || key === undefined) throw new RuleError('path-missing')
    this.#lose(place.value, bytes)
    if (own.kind === 'list') {
      own.container.splice(Number(key), 1)
      if (own.container.length > 0) this.bytes--
    } else {
      own.keys = keysOf(own) - 1
      delete own.container[key]
      this.bytes -= textBytes(String(key)) + (own.keys > 0 ? 2 : 1)
    }
  }

  /** Puts values into a list, before the element at the place or at its end. `bytes`: those of the values. */
  insert(place: Place, values: readonly Json[], bytes?: number): void {
    let grown = bytes ?? 0
    if (bytes === undefined) for (const value of values) grown += this.#measured(value, place)
    const own = this.#copies.open(place)
    if (own?.kind !== 'list') throw new RuleError('path-missing')
    const before = own.container.length
    own.container.splice(Number(place.keys.at(-1)), 0, ...values)
    if (this.limited && own.container.length > LIMITS.room.listLength) throw limitReached('listLength')
    this.bytes += grown + values.length - (before === 0 ? 1 : 0)
  }

  /** Moves an element within its list, so that it stands at `to` afterwards. */
  move(place: Place, to: number): void {
    const own = this.#copies.open(place)
    if (own?.kind === 'list') own.container.splice(to, 0, ...own.container.splice(Number(place.keys.at(-1)), 1))
  }

  /**
   * To be called before a value is put into a second place; gives its bytes. What a command copies counts against LIMITS.room.bytes
   * even where it overwrites a copy: a few bytes of JSON Patch could keep the server busy for long otherwise.
   */
  share(value: Json, place: Place): number {
    const bytes = this.#measured(value, place)
    this.#copied += bytes
    if (this.limited && this.#copied > LIMITS.room.bytes) throw limitReached('bytes')
    this.#copies.share(value)
    return bytes
  }

  /** Throws limit-reached for a value that may not stand there. */
  check(value: Json, place: Place): void {
    const excess = this.limited ? excessOf(value, place.keys.length) : null
    if (excess !== null) throw limitReached(excess.what)
  }

  #measured(value: Json, place: Place): number {
    this.check(value, place)
    return jsonBytes(value)
  }

  #lose(value: Json, bytes = jsonBytes(value)): void {
    this.bytes -= bytes
    this.lostList ||= holdsList(value)
  }

  #addKey(own: Extract<Own, { kind: 'dictionary' }>, key: string): void {
    if (this.limited && key.length > LIMITS.room.keyChars) throw limitReached('keyChars')
    const keys = keysOf(own)
    if (this.limited && keys >= LIMITS.room.keys) throw limitReached('keys')
    own.keys = keys + 1
    this.bytes += textBytes(key) + (keys > 0 ? 2 : 1)
  }
}
