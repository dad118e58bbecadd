import { RuleError } from '../rules.ts'
import type { Draft } from './draft.ts'
import type { Operation, PatchOperation } from './operations.ts'
import { indexOf, locate, type Place, pointerOf, valueAt } from './place.ts'
import { isIndex, lastToken, parentPointer } from './pointer.ts'
import { isEqual, isList } from './values.ts'
import { assertFreeIds, insertAt, moveAt, putAt, takeAt } from './writes.ts'

type Transfer = Extract<PatchOperation, { from: string }>

/** One operation of a JSON Patch (RFC 6902, section 4); gives it as applied, or null if it changed nothing. Throws path-missing, test-failed. */
export function patchOne(draft: Draft, operation: PatchOperation): Operation | null {
  switch (operation.op) {
    case 'add': {
      const place = locate(draft.data, operation.path, 'gap')
      return indexOf(place) === null ? putAt(draft, place, operation.value) : insertAt(draft, place, operation.value)
    }
    case 'remove':
      return takeAt(draft, locate(draft.data, operation.path, 'patch'))
    case 'replace':
      return putAt(draft, standing(locate(draft.data, operation.path, 'patch')), operation.value)
    case 'move':
      return move(draft, operation)
    case 'copy':
      return copy(draft, operation)
    case 'test': {
      const value = valueAt(draft.data, operation.path, 'patch')
      if (value === undefined || !isEqual(value, operation.value)) throw new RuleError('test-failed')
      return null
    }
  }
}

function standing(place: Place): Place {
  if (place.value === undefined) throw new RuleError('path-missing')
  return place
}

function move(draft: Draft, transfer: Transfer): Operation | null {
  const { from, path } = transfer
  const source = standing(locate(draft.data, from, 'patch'))
  if (from === path) return null
  // Section 4.4: nothing moves into itself.
  if (path.startsWith(`${from}/`)) throw new RuleError('path-missing')
  if (indexOf(source) !== null && parentPointer(from) === parentPointer(path))
    return moveAt(draft, source, indexAfterwards(source, path))
  // Its bytes go and come again: what they are does not matter.
  draft.take(source, 0)
  const target = locate(draft.data, path, 'gap')
  if (target.keys.length > source.keys.length) draft.check(source.value ?? null, target)
  return settle(draft, transfer, { source, target, bytes: 0 })
}

function indexAfterwards({ inside }: Place, path: string): number {
  const token = lastToken(path)
  const list = inside.at(-1)
  if (token === '-') return isList(list) ? list.length - 1 : 0
  return isIndex(token) ? Number(token) : Number.NaN
}

function copy(draft: Draft, transfer: Transfer): Operation {
  const source = standing(locate(draft.data, transfer.from, 'patch'))
  const target = locate(draft.data, transfer.path, 'gap')
  const bytes = draft.share(source.value ?? null, target)
  return settle(draft, transfer, { source, target, bytes })
}

/** Puts the value of `source` where `target` is. The operation as applied names the two places, since the value may be large. */
function settle(draft: Draft, { op }: Transfer, { source, target, bytes }: Settling): Operation {
  const value = source.value ?? null
  if (indexOf(target) === null) draft.put(target, value, bytes)
  else {
    assertFreeIds(target.inside.at(-1), [value])
    draft.insert(target, [value], bytes)
  }
  const elements = (['from', 'path'] as const).filter((end) => indexOf(end === 'from' ? source : target) !== null)
  return { op: 'patch', patch: [{ op, from: pointerOf(source), path: pointerOf(target), elements }] }
}

interface Settling {
  source: Place
  target: Place
  bytes: number
}
