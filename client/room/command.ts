import { LIMITS } from '../../shared/limits.ts'
import type { Operation } from '../../shared/room/operations.ts'
import type { EditReply, Part } from './part.ts'

/** An edit command's body as it is sent: every repeat under the same id has the very same. */
export interface Wire {
  operations: readonly Operation[]
  base?: number | undefined
  ifVersion?: number | undefined
}

/** One or more parts that go to the server together, and are done or refused together. */
export interface Command {
  id: string
  parts: readonly Part[]
  ifVersion: number | undefined
  /** What was sent; null: nothing yet, more parts may join. */
  wire: Wire | null
  /** The version that its operations stand on while it is hidden: the server carries them from there. */
  base: number | null
  /** The version at which the server did it; its event is still to come. */
  acked: number | null
  /** Not in the view: whether the data has it already, or can have it, is not known. */
  isHidden: boolean
}

/** Characters of JSON of one merged command: two of them, and what else may be in the batch, fit into a request's body. */
const MOST_CHARS = 24_000

/** How many operations a command has by the server's count: those of a JSON Patch each. */
const countOf = (operations: readonly Operation[]) =>
  operations.reduce((sum, operation) => sum + (operation.op === 'patch' ? Math.max(1, operation.patch.length) : 1), 0)

const THROUGH_ELEMENT = /\/(?:@|\d)/

/**
 * What the server says of a command's `increment` and `setIfAbsent` is true after (before) all of it, so a merged command's parts
 * cannot always be told theirs. `plain`: has none. `sums`: whole numbers are added, what others of the command add can be taken off again.
 */
function kindOf({ operations }: Pick<Part, 'operations'>): 'plain' | 'sums' | 'alone' {
  if (operations.every(({ op }) => op !== 'increment' && op !== 'setIfAbsent')) return 'plain'
  const isSum = (operation: Operation) =>
    operation.op === 'increment' &&
    Number.isInteger(operation.by) &&
    operation.min === undefined &&
    operation.max === undefined &&
    !THROUGH_ELEMENT.test(operation.path)
  return operations.every(isSum) ? 'sums' : 'alone'
}

/** Whether a part can go with those that wait. */
export function takesIn(command: Command, part: Part): boolean {
  const [first] = command.parts
  if (command.wire !== null || command.isHidden || command.ifVersion !== undefined || first === undefined) return false
  const kind = kindOf(part)
  if (kind === 'alone' || kindOf(first) !== kind) return false
  const all = [...command.parts, part].flatMap(({ operations }) => operations)
  return countOf(all) <= LIMITS.room.operations && JSON.stringify(all).length <= MOST_CHARS
}

/** The values of a reply, for each part its own: as they were right after that part. */
export function valuesOf(parts: readonly Part[], values: EditReply['values']): EditReply['values'][] {
  let from = 0
  return parts.map(({ operations }, at) => {
    const counted = operations.filter(({ op }) => op === 'increment' || op === 'setIfAbsent')
    const own = values.slice(from, (from += counted.length))
    const later = parts.slice(at + 1).flatMap((part) => part.operations)
    return later.length === 0 ? own : own.map((value, nth) => without(value, counted[nth], later))
  })
}

/** Only sums are merged, so what came after can be taken off what the server counted in the end. */
function without(value: EditReply['values'][number], counted: Operation | undefined, later: readonly Operation[]) {
  if (typeof value !== 'number' || counted?.op !== 'increment') return value
  return later.reduce((sum, one) => (one.op === 'increment' && one.path === counted.path ? sum - one.by : sum), value)
}
