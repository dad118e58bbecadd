import { expect, test } from 'bun:test'
import { formatPointer, parsePointer, parentPointer } from '../../shared/room/pointer.ts'
import { after, rule } from './applying.ts'
import { AWKWARD_KEYS } from './random.ts'

test.each([
  ['', []],
  ['/', ['']],
  ['//', ['', '']],
  ['/foo/0', ['foo', '0']],
  ['/a~1b', ['a/b']],
  ['/m~0n', ['m~n']],
  ['/~01', ['~1']],
  ['/~00', ['~0']],
  ['/c%d/ /k"l', ['c%d', ' ', 'k"l']],
] as const)('the pointer %p leads along %j, and these make it again', (pointer, tokens) => {
  expect(parsePointer(pointer)).toEqual([...tokens])
  expect(formatPointer(tokens)).toBe(pointer)
})

test.each(['foo', 'foo/bar', '#/a', ' /a', '/~', '/~2', '/a~/b', '/a~~0'])('%p is no pointer', (text) => {
  expect(parsePointer(text)).toBeNull()
  expect(rule({}, { op: 'set', path: text, value: 1 })).toBe('path-missing')
})

test('each key survives the way into a pointer and back', () => {
  for (const key of AWKWARD_KEYS) expect(parsePointer(formatPointer(['a', key, key]))).toEqual(['a', key, key])
})

test('what a pointer leads into is named by its beginning; the root is in nothing', () => {
  expect(['/a/b', '/a', '/', ''].map(parentPointer)).toEqual(['/a', '', '', null])
})

test.each(['01', '00', '1e0', '-1', '+1', '1.0', ' 1', '1 ', '', '-', '99999999999', '0x1', '１'])(
  'the token %p is no index of a list, but a key of a dictionary',
  (token) => {
    const path = formatPointer([token])
    expect(rule([5, 6], { op: 'set', path, value: 1 })).toBe('path-missing')
    expect(after({}, { op: 'set', path, value: 1 })).toEqual({ [token]: 1 })
  },
)

test('`@id` names an element in a list, and is a key in a dictionary', () => {
  const element = { id: 'a/~b', n: 1 }
  expect(after([{ id: 'x' }, element], { op: 'set', path: '/@a~1~0b/n', value: 2 })).toEqual([
    { id: 'x' },
    { ...element, n: 2 },
  ])
  expect(after({ '@a': 1 }, { op: 'set', path: '/@a', value: 2 })).toEqual({ '@a': 2 })
  expect(after([{ id: '' }], { op: 'set', path: '/@/n', value: 1 })).toEqual([{ id: '', n: 1 }])
})

test('an id that no element has is missing, one that two have is refused', () => {
  const twice = [{ id: 'a' }, { id: 'b' }, { id: 'a' }]
  expect(rule(twice, { op: 'set', path: '/@c/n', value: 1 })).toBe('path-missing')
  expect(rule(twice, { op: 'set', path: '/@a/n', value: 1 })).toBe('duplicate-id')
  expect(rule(twice, { op: 'remove', path: '', at: { id: 'a' } })).toBe('duplicate-id')
  expect(after(twice, { op: 'remove', path: '', at: { id: 'b' } })).toEqual([{ id: 'a' }, { id: 'a' }])
})

test('only an own text is an id', () => {
  const list = [{ id: 1 }, { id: null }, 'a', ['a'], null, { name: 'a' }, JSON.parse('{"__proto__":{"id":"a"}}')]
  expect(rule(list, { op: 'remove', path: '', at: { id: 'a' } })).toBe('path-missing')
  expect(rule(list, { op: 'remove', path: '', at: { id: '1' } })).toBe('path-missing')
})
