import { RuleError } from '../rules.ts'
import { applyOperations } from './apply.ts'
import type { Address, PathAddress } from './address.ts'
import { inserted, lost } from './effects.ts'
import type { PatchOperation } from './operations.ts'
import { isIndex, lastToken, parentPointer } from './pointer.ts'
import { destination, noteMove } from './retrace-move.ts'
import type { Trace } from './trace.ts'

type Transfer = Extract<PatchOperation, { from: string }>

/** What one operation of a JSON Patch is now. Throws stale-index. */
export function retracePart(trace: Trace, part: PatchOperation): PatchOperation {
  if (part.op === 'move') return move(trace, part)
  if (part.op === 'copy') {
    const from = trace.find.path(part.from, { dialect: 'patch' })
    const path = arrival(trace, part)
    return { ...part, from: from.pointer, path }
  }
  if (part.op === 'add') {
    const target = targetOf(trace, part.path)
    trace.note(target, (tokens) => (target.inList ? inserted(tokens) : lost(tokens, part.value)))
    return { ...part, path: target.pointer }
  }
  const at = trace.find.path(part.path, { dialect: 'patch' })
  if (part.op === 'replace') trace.put(at, part.value)
  if (part.op === 'remove') trace.take(at)
  return { ...part, path: at.pointer }
}

/** Where a value is to come: at a key, or before an element, or at the end of a list. */
function targetOf(trace: Trace, pointer: string): PathAddress {
  const target = trace.find.path(pointer, { dialect: 'patch', sought: 'before' })
  return target.inList && lastToken(pointer) === '-' ? { ...target, ...trace.find.end(around(target)) } : target
}

const around = ({ old, now }: Address): Address => ({ old: old && old.slice(0, -1), now: now.slice(0, -1) })

/** Notes that a value comes from elsewhere in the data; gives the pointer as it is now. */
function arrival(trace: Trace, { path }: Transfer): string {
  const target = targetOf(trace, path)
  trace.note(target, (tokens) => ({ ...(target.inList ? inserted(tokens) : lost(tokens)), carried: true }))
  return target.pointer
}

function move(trace: Trace, part: Transfer): Transfer {
  const source = trace.find.path(part.from, { dialect: 'patch' })
  const from = source.pointer
  // Into itself stays into itself, which is refused, or without effect.
  if (`${part.path}/`.startsWith(`${part.from}/`))
    return { ...part, from, path: from + part.path.slice(part.from.length) }
  if (source.inList && parentPointer(part.from) === parentPointer(part.path))
    return { ...part, from, path: `${parentPointer(from)}/${moveWithin(trace, source, lastToken(part.path))}` }
  const { data } = trace.find
  const without = applyOperations(data, [{ op: 'patch', patch: [{ op: 'remove', path: from }] }])
  // It cannot be done, and neither can the command.
  if (without instanceof RuleError) return { ...part, from }
  trace.take(source)
  trace.find.data = without.data
  const path = arrival(trace, part)
  trace.find.data = data
  return { ...part, from, path }
}

/** The last token, as it is now, of where an element is to stand in its list. */
function moveWithin(trace: Trace, source: Address, token: string): string {
  const list = around(source)
  if (isIndex(token)) return String(destination(trace, { list, element: source, to: Number(token) }))
  noteMove(trace, source, trace.find.end(list))
  return token
}
