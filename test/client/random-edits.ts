import type { Json } from '../../shared/json.ts'
import type { Operation } from '../../shared/room/operations.ts'
import type { Random } from '../room/random.ts'

/** What the histories' rooms begin with. */
export const BEGINNING = {
  list: ['one', 'two', 'three', 'four', 'five'],
  items: [
    { id: 'a', v: 0, tags: ['red'] },
    { id: 'b', v: 0, tags: [] },
    { id: 'c', v: 0, tags: ['green', 'blue'] },
  ],
  cells: { k0: 'was there' },
  text: 'hello',
  n: 0,
  m: 5,
  marks: {},
} satisfies Json

interface Shape {
  list: readonly string[]
  items: readonly { id: string }[]
  cells: Readonly<Record<string, string>>
}

export interface RandomEdit {
  operations: readonly Operation[]
  target?: Target | undefined
}

/** By index: which element of which list is meant (a text, or an id), whatever its index is by the time. */
export interface Target {
  path: '/list' | '/items'
  element: string
  /** As what the operation comes to be in the log. */
  op: Operation['op']
}

/** An edit of some kind that mostly fits the data; what it puts somewhere is `name`, which nothing else is. */
export function randomEdit(random: Random, data: Json, name: string): RandomEdit {
  // edge: the histories' rooms have this shape all along
  const { list, items, cells } = data as unknown as Shape
  const key = () => `k${random.below(5)}`
  const cell = `/cells/${key()}`
  const index = () => random.below(Math.max(1, list.length))
  const nth = random.below(Math.max(1, items.length))
  const item = random.of<string>(['a', 'b', 'c', ...items.map(({ id }) => id)])
  const one = (operation: Operation): RandomEdit => ({ operations: [operation] })
  const aimed = (at: number, operation: Operation): RandomEdit => {
    const element = list[at]
    return {
      operations: [operation],
      target: element === undefined ? undefined : { path: '/list', element, op: asApplied(operation) },
    }
  }
  const inItem = (operation: (path: string) => Operation): RandomEdit => {
    const element = items[nth]?.id
    const own = operation(`/items/${nth}`)
    const target = element === undefined ? undefined : { path: '/items' as const, element, op: own.op }
    return { operations: [own], target }
  }
  const at = index()
  const other = (at + 1 + random.below(Math.max(1, list.length - 1))) % Math.max(2, list.length)
  const fresh = { id: name, v: 0, tags: [] }
  return random.of<() => RandomEdit>([
    () => one({ op: 'set', path: cell, value: name }),
    () => one({ op: 'setIfAbsent', path: cell, value: name }),
    () => one({ op: 'compareAndSet', path: cell, value: name, expect: cells[cell.slice(7)] }),
    () => one({ op: 'merge', path: '/cells', value: { [key()]: name, [key()]: name } }),
    () => one({ op: 'delete', path: cell }),
    () => one({ op: 'increment', path: '/m', by: random.of([-3, 4, 2.5]), min: 0, max: 12, clamp: true }),
    () => one({ op: 'increment', path: '/m', by: random.of([-3, 4]), min: 0, max: 12 }),
    () => one({ op: 'insert', path: '/list', at: { index: random.below(list.length + 1) }, value: name }),
    () => one({ op: 'insert', path: '/list', at: { index: 0 }, value: name }),
    () => one({ op: 'append', path: '/list', values: [name, `${name}+`] }),
    () => aimed(at, { op: 'remove', path: '/list', at: { index: at } }),
    () => aimed(at, { op: 'remove', path: '/list', at: { index: at } }),
    () => aimed(at, { op: 'replace', path: '/list', at: { index: at }, value: name }),
    () => aimed(at, { op: 'move', path: '/list', at: { index: at }, to: other }),
    () => aimed(at, { op: 'set', path: `/list/${at}`, value: name }),
    () => one({ op: 'insert', path: '/items', at: { id: item }, value: fresh }),
    () => one({ op: 'append', path: '/items', values: [fresh] }),
    () => one({ op: 'remove', path: '/items', at: { id: item } }),
    () => one({ op: 'move', path: '/items', at: { id: item }, to: random.chance(0.5) ? 'end' : { before: 'b' } }),
    () => one({ op: 'set', path: `/items/@${item}/v`, value: name }),
    () => one({ op: 'append', path: `/items/@${item}/tags`, values: [name] }),
    () => one({ op: 'remove', path: `/items/@${item}/tags`, at: { index: 0 } }),
    () => inItem((path) => ({ op: 'set', path: `${path}/v`, value: name })),
    () => inItem((path) => ({ op: 'append', path: `${path}/tags`, values: [name] })),
    () => one({ op: 'patch', patch: [{ op: 'add', path: `/list/${random.below(list.length + 1)}`, value: name }] }),
    () => one({ op: 'patch', patch: [{ op: 'move', from: `/list/${at}`, path: '/text' }] }),
    () => one({ op: 'mergePatch', path: '', patch: { text: name, cells: { [key()]: null } } }),
    () => ({
      operations: [
        { op: 'test', path: '/text', value: 'hello' },
        { op: 'insert', path: '/list', at: { index: at }, value: name },
      ],
    }),
    () => one({ op: 'set', path: random.chance(0.3) ? '/list' : '/other', value: [name, `${name}+`] }),
  ])()
}

const asApplied = ({ op }: Operation) => (op === 'set' ? 'replace' : op)
