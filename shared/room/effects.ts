import type { Json } from '../json.ts'
import type { Operation, PatchOperation } from './operations.ts'
import { isIndex, parsePointer } from './pointer.ts'
import { isDictionary, isList, ownValue } from './values.ts'

/** Tokens of a pointer with every element named by its index. */
export type Tokens = readonly string[]

/** What an operation does to the meaning of pointers. `carried`: the value that came was elsewhere in the data before. */
export type Effect =
  | { kind: 'insert'; list: Tokens; index: number; count: number; carried?: boolean }
  | { kind: 'remove' | 'replace'; list: Tokens; index: number }
  | { kind: 'move'; list: Tokens; index: number; to: number }
  /** Another value stands at a key, or at the root. `lists`: the one before had a list in it, or may have had. */
  | { kind: 'lost'; path: Tokens; lists: boolean; value?: Json | undefined; carried?: boolean }

const element = (tokens: Tokens) => ({ list: tokens.slice(0, -1), index: Number(tokens.at(-1)) })

type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>
export const inserted = (tokens: Tokens, count = 1): EffectOf<'insert'> => ({
  kind: 'insert',
  ...element(tokens),
  count,
})
export const removed = (tokens: Tokens): Effect => ({ kind: 'remove', ...element(tokens) })
export const replaced = (tokens: Tokens): Effect => ({ kind: 'replace', ...element(tokens) })
export const moved = (tokens: Tokens, to: number): Effect => ({ kind: 'move', ...element(tokens), to })
export const lost = (path: Tokens, value?: Json, lists = true): EffectOf<'lost'> => ({
  kind: 'lost',
  path,
  lists,
  value,
})

/** The effects of a merge patch on a dictionary: each value that it brings or takes is lost to who knew the one before. */
export function mergedAt(path: Tokens, patch: Json): Effect[] {
  if (!isDictionary(patch)) return [lost(path, patch ?? undefined)]
  return Object.entries(patch).flatMap(([key, part]) => mergedAt([...path, key], part))
}

/** The effects of an operation as applied, in order. */
export function effectsOf(operation: Operation): Effect[] {
  if (operation.op === 'patch') return operation.patch.flatMap(transferred)
  const path = parsePointer(operation.path) ?? []
  switch (operation.op) {
    case 'increment':
    case 'test':
      return []
    case 'set':
      return [lost(path, operation.value, operation.lists ?? false)]
    case 'delete':
      return [lost(path, undefined, operation.lists ?? false)]
    case 'merge':
      return Object.entries(operation.value).map(([key, value]) =>
        lost([...path, key], value, operation.lists ?? false),
      )
    case 'mergePatch':
      return operation.lists ? [lost(path)] : mergedAt(path, operation.patch)
    case 'append':
      return operation.index === undefined
        ? [lost(path)]
        : [inserted([...path, String(operation.index)], operation.values.length)]
    case 'insert':
    case 'remove':
    case 'replace':
    case 'move':
      return 'index' in operation.at ? [listEffect(operation, [...path, String(operation.at.index)])] : [lost(path)]
    default:
      return [lost(path)]
  }
}

function listEffect(operation: Extract<Operation, { at: unknown }>, tokens: Tokens): Effect {
  if (operation.op === 'insert') return inserted(tokens)
  if (operation.op === 'remove') return removed(tokens)
  if (operation.op === 'replace') return replaced(tokens)
  return typeof operation.to === 'number' ? moved(tokens, operation.to) : lost(tokens.slice(0, -1))
}

function transferred(operation: PatchOperation): Effect[] {
  const path = parsePointer(operation.path) ?? []
  if (!('from' in operation)) return [lost(path.slice(0, -1))]
  const from = parsePointer(operation.from) ?? []
  const { elements = [] } = operation
  const came = elements.includes('path') ? inserted(path) : lost(path)
  if (operation.op === 'copy') return [came]
  return [elements.includes('from') ? removed(from) : lost(from), came]
}

/** Whether the tokens pass through a list inside of a value. */
export function passesList(value: Json | undefined, tokens: Tokens): boolean {
  let at = value
  for (const token of tokens) {
    if (isList(at)) return isIndex(token)
    if (!isDictionary(at)) return false
    at = ownValue(at, token)
  }
  return false
}
