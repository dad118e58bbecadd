import type { Json } from '../../shared/json.ts'
import type { Element, Operation, PatchOperation } from '../../shared/room/operations.ts'
import type { ElementAt, PartAt, ValueAt } from './pointer.ts'

/** Which element of a list: a number is its index, a text its own `id`. */
export type At = number | string

export interface Bounds {
  min?: number | undefined
  max?: number | undefined
  /** Stops at the bound instead of failing with `out-of-bounds`. */
  clamp?: true | undefined
}

/**
 * One operation each (shared/room/operations.ts has their meaning and errors), typed by what the schema says of the path;
 * `R` is what becomes of it. Paths are JSON Pointers (RFC 6901) from the data's root `''`; a list's element is `/index` or `/@id`.
 */
export interface Edits<T, R> {
  /** Puts a value at a dictionary's key, or in place of an element. */
  set<const P extends string>(path: P, value: ValueAt<T, P>): R
  /** The same where nothing stands yet, else nothing. */
  setIfAbsent<const P extends string>(path: P, value: ValueAt<T, P>): R
  /** The same where exactly `expect` stands (`undefined`: where nothing stands), else `test-failed`. */
  compareAndSet<const P extends string>(path: P, expect: ValueAt<T, P> | undefined, value: ValueAt<T, P>): R
  /** Puts each key of `value` into the dictionary. */
  merge<const P extends string>(path: P, value: PartAt<T, P>): R
  /** Takes a key, or an element, away. */
  delete(path: string): R
  /** Adds to a number; an absent one is 0. */
  increment(path: string, by?: number, bounds?: Bounds): R
  /** Puts an element before the one at `at`; an index may be the list's length. */
  insert<const P extends string>(path: P, at: At, value: ElementAt<T, P>): R
  /** Puts elements at the list's end. */
  append<const P extends string>(path: P, ...values: ElementAt<T, P>[]): R
  remove(path: string, at: At): R
  replace<const P extends string>(path: P, at: At, value: ElementAt<T, P>): R
  /** Moves an element so that it stands at an index, last (`end`), or before another, named by its id. */
  move(path: string, at: At, to: number | 'end' | { before: string }): R
  /** Fails with `test-failed` unless exactly this value stands there; for several operations in one command. */
  test<const P extends string>(path: P, value: ValueAt<T, P>): R
  /** RFC 6902, JSON Patch. */
  patch(patch: readonly PatchOperation[]): R
  /** RFC 7396, JSON Merge Patch. */
  mergePatch(path: string, patch: Json): R
}

const element = (at: At): Element => (typeof at === 'number' ? { index: at } : { id: at })

/** All kinds of operations, each handed to `take`. */
export function editsOf<T, R>(take: (operation: Operation) => R): Edits<T, R> {
  const plain: Edits<unknown, R> = {
    set: (path, value) => take({ op: 'set', path, value }),
    setIfAbsent: (path, value) => take({ op: 'setIfAbsent', path, value }),
    compareAndSet: (path, expect, value) =>
      take({ op: 'compareAndSet', path, value, ...(expect === undefined ? {} : { expect }) }),
    merge: (path, value) => take({ op: 'merge', path, value }),
    delete: (path) => take({ op: 'delete', path }),
    increment: (path, by = 1, bounds = {}) => take({ op: 'increment', path, by, ...bounds }),
    insert: (path, at, value) => take({ op: 'insert', path, at: element(at), value }),
    append: (path, ...values) => take({ op: 'append', path, values }),
    remove: (path, at) => take({ op: 'remove', path, at: element(at) }),
    replace: (path, at, value) => take({ op: 'replace', path, at: element(at), value }),
    move: (path, at, to) => take({ op: 'move', path, at: element(at), to }),
    test: (path, value) => take({ op: 'test', path, value }),
    patch: (patch) => take({ op: 'patch', patch }),
    mergePatch: (path, patch) => take({ op: 'mergePatch', path, patch }),
  }
  // edge: the schema's input type is JSON, which is all that an operation asks; the types only narrow what may be written where
  return plain as Edits<T, R>
}
