import type { Json, JsonObject } from '../json.ts'

/**
 * Which element of a list: its index, or its own `id` (elements that are objects with a string `id`, unique within their list).
 * An id finds its element wherever it has moved; an index is rebased over what came since the command's `base`, or refused.
 */
export type Element = { index: number } | { id: string }

/**
 * One change of a room's data (seed 2: set, update, delete). `path` is a JSON Pointer (RFC 6901) from the data's root, `''`;
 * in a list a token is an index, or `@id`. Values are any JSON. Several in one command are all done or none.
 */
export type Operation =
  /** Puts a value at a dictionary's key (made if missing) or in place of a list's element; `''` replaces all data. Error: path-missing. */
  | { op: 'set'; path: string; value: Json }
  /** The same where nothing stands yet, else nothing. */
  | { op: 'setIfAbsent'; path: string; value: Json }
  /** The same where exactly `expect` stands (absent `expect`: where nothing stands), else test-failed. */
  | { op: 'compareAndSet'; path: string; expect?: Json | undefined; value: Json }
  /** Puts each key of `value` into the dictionary at `path`. */
  | { op: 'merge'; path: string; value: JsonObject }
  /** Takes a key, or a list's element, away. Error: path-missing. */
  | { op: 'delete'; path: string }
  /** Adds to the number at `path` (absent: 0). Outside of `min`/`max`: out-of-bounds; with `clamp` it stops there. */
  | {
      op: 'increment'
      path: string
      by: number
      min?: number | undefined
      max?: number | undefined
      clamp?: true | undefined
    }
  /** Into the list at `path`, before that element; an index may be the list's length. Error: duplicate-id. */
  | { op: 'insert'; path: string; at: Element; value: Json }
  /** To the list's end, in order. */
  | { op: 'append'; path: string; values: readonly Json[] }
  | { op: 'remove'; path: string; at: Element }
  | { op: 'replace'; path: string; at: Element; value: Json }
  /** Moves an element so that it stands at index `to` afterwards (`end`: last), or before the element `before`. */
  | { op: 'move'; path: string; at: Element; to: number | 'end' | { before: string } }
  /** Nothing, or test-failed where another value (or none) stands. */
  | { op: 'test'; path: string; value: Json }
  /** RFC 6902, applied as a whole to the data's root. */
  | { op: 'patch'; patch: readonly PatchOperation[] }
  /** RFC 7396, applied to the value at `path`. */
  | { op: 'mergePatch'; path: string; patch: Json }

/** RFC 6902, section 4. */
export type PatchOperation =
  | { op: 'add' | 'replace' | 'test'; path: string; value: Json }
  | { op: 'remove'; path: string }
  | { op: 'move' | 'copy'; from: string; path: string }
