import type { PatchOperation } from '../../shared/room/operations.ts'
import type { Json } from '../../shared/json.ts'
import type { Model } from './model.ts'
import { insert, type Node, nodeOf, Refusal, refuse, says } from './model-values.ts'

const cut = (path: string) => ({
  above: path.slice(0, path.lastIndexOf('/')),
  last: path.slice(path.lastIndexOf('/') + 1),
})
const STRICT = { ids: false }

/** RFC 6902 on the model: `move` as a `remove` and an `add`, as section 4.4 says. */
export function patchModel(model: Model, operation: PatchOperation): void {
  switch (operation.op) {
    case 'add':
      return add(model, operation.path, nodeOf(operation.value))
    case 'remove':
      return model.drop(model.slot(operation.path, STRICT))
    case 'replace': {
      const slot = model.slot(operation.path, STRICT)
      return slot.value === undefined ? refuse('path-missing') : model.write(slot, nodeOf(operation.value))
    }
    case 'test':
      return test(model, operation.path, operation.value)
    case 'copy': {
      const { value = refuse('path-missing') } = model.slot(operation.from, STRICT)
      return add(model, operation.path, structuredClone(value))
    }
    case 'move': {
      const { from, path } = operation
      const slot = model.slot(from, STRICT)
      const { value = refuse('path-missing') } = slot
      if (from === path) return
      if (path.startsWith(`${from}/`)) return refuse('path-missing')
      model.drop(slot)
      // An element stays the same element in its list: its id comes in no second time.
      const stays = Array.isArray(slot.holder) && cut(from).above === cut(path).above
      return add(model, path, value, stays ? 'known' : 'new')
    }
  }
}

function test(model: Model, path: string, value: Json): void {
  let found: Node | undefined
  try {
    found = model.slot(path, STRICT).value
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
  if (found === undefined || !says(found, value)) refuse('test-failed')
}

function add(model: Model, path: string, node: Node, element: 'new' | 'known' = 'new'): void {
  const { above, last } = cut(path)
  if (path === '') return model.write(model.slot(''), node)
  const holder = model.slot(above, STRICT).value
  if (!Array.isArray(holder)) return model.write(model.slot(path, STRICT), node)
  const index = last === '-' ? holder.length : /^(0|[1-9][0-9]*)$/.test(last) ? Number(last) : Infinity
  if (index > holder.length) refuse('path-missing')
  if (element === 'new') insert(holder, index, node)
  else holder.splice(index, 0, node)
}
