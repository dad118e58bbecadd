import type { Json, JsonObject } from '../json.ts'

/**
 * Which element of a list: its index, or its own `id` (elements that are objects with a string `id`, unique within their list).
 * An id finds its element wherever it has moved; an index is rebased over what came since the command's `base`, or refused.
 * Nothing there: path-missing. An id that the list has twice (a `set` of the whole list may put it there): duplicate-id.
 */
export type Element = { index: number } | { id: string }

/**
 * One change of a room's data (seed 2: set, update, delete). `path` is a JSON Pointer (RFC 6901) from the data's root, `''`;
 * in a list a token is an index, or `@id`. Values are any JSON. Several in one command are all done or none, in order: each
 * sees what those before it did.
 *
 * Whatever puts an element into a list, or in place of one, keeps the ids of the list unique: duplicate-id.
 *
 * **As applied** (in events, `Applied.operations`) operations are fewer and plainer, and applying them again has the same effect:
 * each element is named by the index that it had then, never by id; a change of a list is `insert`, `append`, `remove`, `replace`
 * or `move`, so that `set` and `delete` are of keys only; conditions that held, and operations that changed nothing, are gone; a
 * JSON Patch is the operations that it amounts to, but for `copy` and a `move` out of one container into another. Fields marked
 * "as applied" are written by `applyOperations` only, for `rebaseOperations`.
 */
export type Operation =
  /**
   * Puts a value at a dictionary's key (made if missing) or in place of a list's element; `''` replaces all data. Error: path-missing.
   * As applied, `lists`: what stood there was or had a list, so that indices inside of it mean nothing any more.
   */
  | { op: 'set'; path: string; value: Json; lists?: true | undefined }
  /** The same where nothing stands yet, else nothing. */
  | { op: 'setIfAbsent'; path: string; value: Json }
  /** The same where exactly `expect` stands (absent `expect`: where nothing stands), else test-failed. */
  | { op: 'compareAndSet'; path: string; expect?: Json | undefined; value: Json }
  /** Puts each key of `value` into the dictionary at `path`. As applied, `lists`: as with `set`, for one of the keys or more. */
  | { op: 'merge'; path: string; value: JsonObject; lists?: true | undefined }
  /** Takes a key, or a list's element, away. Error: path-missing, for the root too. As applied, `lists`: as with `set`. */
  | { op: 'delete'; path: string; lists?: true | undefined }
  /**
   * Adds to the number at `path` (absent: 0). Outside of `min`/`max`, or no finite number: out-of-bounds; with `clamp` it stops at
   * the bound. Sums are JavaScript's (IEEE 754 doubles): 0.1 and 0.2 make 0.30000000000000004.
   */
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
  /** To the list's end, in order. As applied, `index`: that of the first. Error: duplicate-id. */
  | { op: 'append'; path: string; values: readonly Json[]; index?: number | undefined }
  | { op: 'remove'; path: string; at: Element }
  /** Puts another value in place of an element. Error: duplicate-id. */
  | { op: 'replace'; path: string; at: Element; value: Json }
  /** Moves an element so that it stands at index `to` afterwards (`end`: last), or before the element `before`. */
  | { op: 'move'; path: string; at: Element; to: number | 'end' | { before: string } }
  /** Nothing, or test-failed where another value (or none) stands. */
  | { op: 'test'; path: string; value: Json }
  /** RFC 6902, applied as a whole to the data's root. Its pointers know no `@id`. */
  | { op: 'patch'; patch: readonly PatchOperation[] }
  /** RFC 7396, applied to the value at `path`. As applied, `lists`: an object of the patch took the place of a list. */
  | { op: 'mergePatch'; path: string; patch: Json; lists?: true | undefined }

/** RFC 6902, section 4. As applied, `elements`: which of the two pointers are of elements of lists (the others: of keys). */
export type PatchOperation =
  | { op: 'add' | 'replace' | 'test'; path: string; value: Json }
  | { op: 'remove'; path: string }
  | { op: 'move' | 'copy'; from: string; path: string; elements?: readonly ('from' | 'path')[] | undefined }
