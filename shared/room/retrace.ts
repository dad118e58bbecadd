import type { Json } from '../json.ts'
import { type PathAddress, valueAt } from './address.ts'
import { inserted, lost, removed, replaced } from './effects.ts'
import type { Operation } from './operations.ts'
import { retraceMove } from './retrace-move.ts'
import { retracePart } from './retrace-patch.ts'
import type { Trace } from './trace.ts'
import { isDictionary } from './values.ts'

type Of<K extends Operation['op']> = Extract<Operation, { op: K }>

/** What an operation is now, and its traces for those after it. Throws stale-index. */
export function retraced(trace: Trace, operation: Operation): Operation {
  switch (operation.op) {
    case 'patch':
      return { op: 'patch', patch: operation.patch.map((part) => retracePart(trace, part)) }
    case 'insert':
    case 'remove':
    case 'replace':
      return atElement(trace, operation)
    case 'append':
      return append(trace, operation)
    case 'move':
      return retraceMove(trace, operation)
    default: {
      const at = trace.find.path(operation.path)
      noteAtPath(trace, operation, at)
      return { ...operation, path: at.pointer }
    }
  }
}

function atElement(trace: Trace, operation: Of<'insert' | 'remove' | 'replace'>): Operation {
  const list = trace.find.path(operation.path)
  const element = trace.find.element(list, operation.at, operation.op === 'insert' ? 'before' : 'value')
  const effect = { insert: inserted, remove: removed, replace: replaced }[operation.op]
  trace.note(element, (tokens) => effect(tokens))
  return { ...operation, path: list.pointer, at: element.at }
}

function append(trace: Trace, operation: Of<'append'>): Operation {
  const list = trace.find.path(operation.path)
  const { length } = operation.values
  if (length > 0) trace.note(trace.find.end(list), (tokens) => inserted(tokens, length))
  return { ...operation, path: list.pointer }
}

function noteAtPath(
  trace: Trace,
  operation: Of<'set' | 'setIfAbsent' | 'compareAndSet' | 'merge' | 'delete' | 'increment' | 'test' | 'mergePatch'>,
  at: PathAddress,
): void {
  switch (operation.op) {
    case 'set':
    case 'compareAndSet':
      return trace.put(at, operation.value)
    case 'setIfAbsent':
      if (valueAt(trace.find.data, at.now) !== undefined) return
      // Whether anything stood there for the sender is sure only if nobody has touched it since.
      return trace.put({ ...at, old: at.old && trace.chain.toOld(at.now) }, operation.value)
    case 'delete':
      return trace.take(at)
    case 'merge':
      for (const [key, value] of Object.entries(operation.value))
        trace.note(at, (tokens) => lost([...tokens, key], value))
      return
    case 'mergePatch':
      return noteMerge(trace, at, operation.patch)
  }
}

/** Where the patch goes into a dictionary that is there, what it does not name stays. */
function noteMerge(trace: Trace, at: PathAddress, patch: Json): void {
  const value = valueAt(trace.find.data, at.now)
  if (!isDictionary(patch) || !isDictionary(value)) return trace.put(at, patch)
  for (const [key, part] of Object.entries(patch)) {
    const further = { old: at.old && [...at.old, key], now: [...at.now, key], pointer: '', inList: false }
    noteMerge(trace, further, part)
  }
}
