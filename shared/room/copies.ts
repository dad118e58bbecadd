import type { Json } from '../json.ts'
import type { Place } from './place.ts'
import { type Container, type Dictionary, isList, setOwn } from './values.ts'

/** A container that this command made and may write to. */
export type Own =
  | { readonly kind: 'list'; readonly container: Json[] }
  | { readonly kind: 'dictionary'; readonly container: Dictionary; keys: number | null }

/**
 * Copies on write: each container on the way to a change is copied once a command, and written to in place from then on, so
 * that 256 operations on one large dictionary cost one copy of it. A copy is reached only through copies, and in one place only.
 */
export class Copies {
  readonly #own = new Map<Container, Own>()

  constructor(public root: Json) {}

  /** Copies what is on the way to a place, as far as it is not copied yet. Without containers on the way: null, the root. */
  open({ inside, keys }: Place): Own | null {
    let parent: Own | null = null
    for (const [depth, container] of inside.entries()) {
      let own = this.#own.get(container)
      if (own === undefined) {
        own = copyOf(container)
        this.#own.set(own.container, own)
        if (parent === null) this.root = own.container
        else write(parent, keys[depth - 1] ?? '', own.container)
      }
      parent = own
    }
    return parent
  }

  /** To be called for a value that comes to stand in a second place: whoever writes to it next makes a copy again. */
  share(value: Json): void {
    if (typeof value !== 'object' || value === null || !this.#own.delete(value)) return
    for (const part of isList(value) ? value : Object.values(value)) this.share(part)
  }
}

const copyOf = (container: Container): Own =>
  isList(container)
    ? { kind: 'list', container: container.slice() }
    : { kind: 'dictionary', container: { ...container }, keys: null }

/** Puts a value at a key or an index that the container has. */
export function write(own: Own, key: string | number, value: Json): void {
  if (own.kind === 'list') own.container[Number(key)] = value
  else setOwn(own.container, String(key), value)
}

/** How many keys a dictionary has, counted once. */
export function keysOf(own: Extract<Own, { kind: 'dictionary' }>): number {
  own.keys ??= Object.keys(own.container).length
  return own.keys
}
