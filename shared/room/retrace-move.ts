import type { Address } from './address.ts'
import { moved } from './effects.ts'
import type { Operation } from './operations.ts'
import type { Trace } from './trace.ts'

/** Where an element is to stand afterwards; `list` and `element` as the sender gave them. */
interface Destination {
  list: Address
  element: Address
  to: number
}

/** A move within a list, as it is now. Throws stale-index. */
export function retraceMove(trace: Trace, operation: Extract<Operation, { op: 'move' }>): Operation {
  const list = trace.find.path(operation.path)
  const element = trace.find.element(list, operation.at)
  const { to } = operation
  const now = { ...operation, path: list.pointer, at: element.at }
  if (typeof to === 'number') return { ...now, to: destination(trace, { list, element, to }) }
  noteMove(trace, element, to === 'end' ? trace.find.end(list) : trace.find.element(list, { id: to.before }))
  return now
}

/** The index, as it is now, at which an element is to stand after a move. Throws stale-index. */
export function destination(trace: Trace, { list, element, to }: Destination): number {
  const from = Number(element.old?.at(-1))
  // Before the move, the index that it goes to is this gap: further on, its own going away makes room.
  const gap = trace.find.element(list, { index: to > from ? to + 1 : to }, 'before')
  noteMove(trace, element, gap)
  return landing(element.now, gap.now)
}

/** Notes that an element goes to the gap before another one. */
export function noteMove(trace: Trace, element: Address, gap: Address): void {
  if (element.old === null || gap.old === null) {
    trace.sure = false
    return
  }
  trace.chain.push(moved(element.old, landing(element.old, gap.old)), moved(element.now, landing(element.now, gap.now)))
}

function landing(element: readonly string[], gap: readonly string[]): number {
  const before = Number(gap.at(-1))
  return before > Number(element.at(-1)) ? before - 1 : before
}
