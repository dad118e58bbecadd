import type { Json } from '../../shared/json.ts'
import type { Element, Operation } from '../../shared/room/operations.ts'
import { patchModel } from './model-patch.ts'
import { findId, idOf, insert, type Node, nodeOf, Refusal, refuse, says } from './model-values.ts'

const tokensOf = (path: string) =>
  path
    .split('/')
    .slice(1)
    .map((token) => token.replace(/~1/g, '/').replace(/~0/g, '~'))
const isNumber = (token: string) => String(Number.parseInt(token, 10)) === token && Number(token) >= 0
/** A place that can be read and written. */
export interface Slot {
  holder: Node[] | Map<string, Node> | null
  key: string | number
  value: Node | undefined
}

export class Model {
  constructor(public root: Node) {}

  /** `ids`: whether `@id` names an element. */
  slot(path: string, { ids = true } = {}): Slot {
    let slot: Slot = { holder: null, key: '', value: this.root }
    for (const token of tokensOf(path)) {
      const holder: Node | undefined = slot.value
      if (holder instanceof Map) slot = { holder, key: token, value: holder.get(token) }
      else if (Array.isArray(holder)) {
        const key = ids && token.startsWith('@') ? findId(holder, token.slice(1)) : isNumber(token) ? Number(token) : -1
        if (key < 0 || key >= holder.length) refuse('path-missing')
        slot = { holder, key, value: holder[key] }
      } else refuse('path-missing')
    }
    return slot
  }

  write({ holder, key }: Slot, node: Node): void {
    if (holder === null) this.root = node
    else if (holder instanceof Map) holder.set(String(key), node)
    else {
      const others = holder.toSpliced(Number(key), 1)
      if (idOf(node) !== undefined && others.some((other) => idOf(other) === idOf(node))) refuse('duplicate-id')
      holder[Number(key)] = node
    }
  }

  drop({ holder, key, value }: Slot): void {
    if (holder === null || value === undefined) refuse('path-missing')
    else if (holder instanceof Map) holder.delete(String(key))
    else holder.splice(Number(key), 1)
  }

  list(path: string): Node[] {
    const { value } = this.slot(path)
    return Array.isArray(value) ? value : refuse('path-missing')
  }

  apply(operation: Operation): void {
    switch (operation.op) {
      case 'set':
        return this.write(this.slot(operation.path), nodeOf(operation.value))
      case 'setIfAbsent': {
        const slot = this.slot(operation.path)
        return slot.value === undefined ? this.write(slot, nodeOf(operation.value)) : undefined
      }
      case 'compareAndSet': {
        const slot = this.slot(operation.path)
        const holds = slot.value === undefined ? operation.expect === undefined : says(slot.value, operation.expect)
        return holds ? this.write(slot, nodeOf(operation.value)) : refuse('test-failed')
      }
      case 'delete':
        return this.drop(this.slot(operation.path))
      case 'merge': {
        const { value } = this.slot(operation.path)
        if (!(value instanceof Map)) return refuse('path-missing')
        for (const [key, part] of Object.entries(operation.value)) value.set(key, nodeOf(part))
        return
      }
      case 'increment':
        return this.#increment(operation)
      case 'test':
        return this.#test(operation.path, operation.value)
      case 'mergePatch': {
        const slot = this.slot(operation.path)
        const patch = nodeOf(operation.patch)
        if (slot.value instanceof Map && patch instanceof Map) return mergeInto(slot.value, patch)
        return this.write(slot, merged(patch))
      }
      case 'patch':
        for (const part of operation.patch) patchModel(this, part)
        return
      default:
        return this.#edit(operation)
    }
  }

  #test(path: string, value: Json): void {
    let found: Node | undefined
    try {
      found = this.slot(path).value
    } catch (error) {
      if (!(error instanceof Refusal) || error.rule !== 'path-missing') throw error
    }
    if (found === undefined || !says(found, value)) refuse('test-failed')
  }

  #increment({ path, by, min = -Infinity, max = Infinity, clamp }: Extract<Operation, { op: 'increment' }>): void {
    const slot = this.slot(path)
    const number = slot.value ?? (slot.value === undefined ? 0 : null)
    if (typeof number !== 'number') return refuse('path-missing')
    const sum = clamp ? Math.max(min, Math.min(max, number + by)) : number + by
    if (!Number.isFinite(sum) || sum < min || sum > max) return refuse('out-of-bounds')
    this.write(slot, sum === 0 ? 0 : sum)
  }

  #edit(operation: Extract<Operation, { op: 'insert' | 'append' | 'remove' | 'replace' | 'move' }>): void {
    const list = this.list(operation.path)
    switch (operation.op) {
      case 'insert':
        return insert(list, indexIn(list, operation.at, list.length), nodeOf(operation.value))
      case 'append': {
        const ids = [...list, ...operation.values.map(nodeOf)].map(idOf)
        const came = ids.slice(list.length).filter((id) => id !== undefined)
        if (came.some((id) => ids.indexOf(id) !== ids.lastIndexOf(id))) refuse('duplicate-id')
        list.push(...operation.values.map(nodeOf))
        return
      }
      case 'remove':
        list.splice(indexIn(list, operation.at), 1)
        return
      case 'replace':
        return this.write({ holder: list, key: indexIn(list, operation.at), value: null }, nodeOf(operation.value))
      case 'move':
        return move(list, indexIn(list, operation.at), operation.to)
    }
  }
}

const indexIn = (list: Node[], at: Element, end = list.length - 1) => {
  const index = 'id' in at ? findId(list, at.id) : at.index
  return index <= end ? index : refuse('path-missing')
}

function move(list: Node[], index: number, to: Extract<Operation, { op: 'move' }>['to']): void {
  const anchor = typeof to === 'object' ? list[findId(list, to.before)] : undefined
  if (typeof to === 'number' && to >= list.length) refuse('path-missing')
  const [node = null] = list.splice(index, 1)
  if (anchor === node && typeof to === 'object') list.splice(index, 0, node)
  else list.splice(typeof to === 'number' ? to : anchor === undefined ? list.length : list.indexOf(anchor), 0, node)
}

/** RFC 7396, section 2: the patch into a dictionary that is there. */
function mergeInto(target: Map<string, Node>, patch: Map<string, Node>): void {
  for (const [name, part] of patch) {
    const there = target.get(name)
    if (part === null) target.delete(name)
    else if (there instanceof Map && part instanceof Map) mergeInto(there, part)
    else target.set(name, merged(part))
  }
}

/** The same where no dictionary stands. */
function merged(patch: Node): Node {
  if (!(patch instanceof Map)) return patch
  const made = new Map<string, Node>()
  mergeInto(made, patch)
  return made
}
