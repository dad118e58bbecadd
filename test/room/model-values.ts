import type { Json } from '../../shared/json.ts'
import type { Rule } from '../../shared/rules.ts'

/** The data as a mutable tree: nothing of it is shared with the code under test. */
export type Node = string | number | boolean | null | Node[] | Map<string, Node>

export class Refusal extends Error {
  constructor(readonly rule: Rule) {
    super(rule)
  }
}
export function refuse(rule: Rule): never {
  throw new Refusal(rule)
}

export function nodeOf(json: Json): Node {
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map((element: Json) => nodeOf(element))
  return new Map(Object.entries(json).map(([key, value]) => [key, nodeOf(value)]))
}

/** Whether a tree says the same as JSON does. */
export function says(node: Node, json: Json | undefined): boolean {
  if (typeof node !== 'object' || node === null) return node === json
  if (typeof json !== 'object' || json === null) return false
  if (Array.isArray(node))
    return Array.isArray(json) && node.length === json.length && node.every((part, i) => says(part, json[i]))
  const entries = Array.isArray(json) ? [] : Object.entries(json)
  return (
    !Array.isArray(json) &&
    entries.length === node.size &&
    entries.every(([key, value]) => says(node.get(key) ?? null, value) && node.has(key))
  )
}

export const idOf = (node: Node | undefined) => {
  const id = node instanceof Map ? node.get('id') : undefined
  return typeof id === 'string' ? id : undefined
}

export function findId(list: Node[], id: string): number {
  const found = list.flatMap((element, index) => (idOf(element) === id ? [index] : []))
  if (found.length > 1) refuse('duplicate-id')
  return found[0] ?? refuse('path-missing')
}

export function insert(list: Node[], index: number, node: Node): void {
  if (idOf(node) !== undefined && list.some((other) => idOf(other) === idOf(node))) refuse('duplicate-id')
  list.splice(index, 0, node)
}
