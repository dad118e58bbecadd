import type { Json } from '../../shared/json.ts'
import type { Rule } from '../../shared/rules.ts'

/** Fails by this rule; `bad-request`: the input is refused before anything is applied. */
export class Fails {
  constructor(readonly rule: Rule) {}
}
export const MISSING = new Fails('path-missing')
export const DIFFERS = new Fails('test-failed')
export const MALFORMED = new Fails('bad-request')

/** What it shows, the document, the patch as it came over the wire, and the document afterwards. */
export type PatchCase = readonly [shows: string, document: Json, patch: readonly unknown[], outcome: Json | Fails]

const step = (op: string, fields: Record<string, unknown>) => ({ op, ...fields })
export const add = (path: unknown, value: Json) => step('add', { path, value })
export const remove = (path: string) => step('remove', { path })
export const replace = (path: string, value: Json) => step('replace', { path, value })
export const move = (from: string, path: string) => step('move', { from, path })
export const copy = (from: string, path: string) => step('copy', { from, path })
export const check = (path: string, value: Json) => step('test', { path, value })

/** RFC 6902, section 4.1 and appendix A. A.13, two members `op` in one object, cannot be told after parsing. */
export const SPECIFIED: readonly PatchCase[] = [
  ['4.1: no object is made on the way', { q: { bar: 2 } }, [add('/a/b', 1)], MISSING],
  ['A.1: a member is added', { foo: 'bar' }, [add('/baz', 'qux')], { baz: 'qux', foo: 'bar' }],
  ['A.2: an element is added', { foo: ['bar', 'baz'] }, [add('/foo/1', 'qux')], { foo: ['bar', 'qux', 'baz'] }],
  ['A.3: a member is removed', { baz: 'qux', foo: 'bar' }, [remove('/baz')], { foo: 'bar' }],
  ['A.4: an element is removed', { foo: ['bar', 'qux', 'baz'] }, [remove('/foo/1')], { foo: ['bar', 'baz'] }],
  ['A.5: a value is replaced', { baz: 'qux', foo: 'bar' }, [replace('/baz', 'boo')], { baz: 'boo', foo: 'bar' }],
  [
    'A.6: a value moves between objects',
    { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
    [move('/foo/waldo', '/qux/thud')],
    { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
  ],
  [
    'A.7: an element moves in its array, to the index that it has afterwards',
    { foo: ['all', 'grass', 'cows', 'eat'] },
    [move('/foo/1', '/foo/3')],
    { foo: ['all', 'cows', 'eat', 'grass'] },
  ],
  [
    'A.8: tests hold',
    { baz: 'qux', foo: ['a', 2, 'c'] },
    [check('/baz', 'qux'), check('/foo/1', 2)],
    { baz: 'qux', foo: ['a', 2, 'c'] },
  ],
  ['A.9: a test fails', { baz: 'qux' }, [check('/baz', 'bar')], DIFFERS],
  [
    'A.10: a nested object is added',
    { foo: 'bar' },
    [add('/child', { grandchild: {} })],
    { foo: 'bar', child: { grandchild: {} } },
  ],
  [
    'A.11: unknown members are ignored',
    { foo: 'bar' },
    [{ ...add('/baz', 'qux'), xyz: 123 }],
    { foo: 'bar', baz: 'qux' },
  ],
  ['A.12: a target without a parent is refused', { foo: 'bar' }, [add('/baz/bat', 'qux')], MISSING],
  ['A.14: ~01 is the key ~1', { '/': 9, '~1': 10 }, [check('/~01', 10)], { '/': 9, '~1': 10 }],
  ['A.15: a text is no number', { '/': 9, '~1': 10 }, [check('/~01', '10')], DIFFERS],
  [
    'A.16: an array is added as one element',
    { foo: ['bar'] },
    [add('/foo/-', ['abc', 'def'])],
    { foo: ['bar', ['abc', 'def']] },
  ],
]

const PUNCTUATED = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
}

/** The other cases that the public test suite of JSON Patch has for patches that are well-formed and are done. */
export const DONE: readonly PatchCase[] = [
  ['nothing to do, nothing there', {}, [], {}],
  ['nothing to do', { foo: 1 }, [], { foo: 1 }],
  ['the order of members means nothing', { foo: 1, bar: 2 }, [], { bar: 2, foo: 1 }],
  ['nor in an array', [{ foo: 1, bar: 2 }], [], [{ bar: 2, foo: 1 }]],
  ['nor further in', { foo: { foo: 1, bar: 2 } }, [], { foo: { bar: 2, foo: 1 } }],
  ['add replaces a member', { foo: null }, [add('/foo', 1)], { foo: 1 }],
  ['add into an empty array at the root', [], [add('/0', 'foo')], ['foo']],
  ['an array stays', ['foo'], [], ['foo']],
  ['a text that looks like a number stays a text', {}, [add('/foo', '1')], { foo: '1' }],
  ['a number stays a number', {}, [add('/foo', 1)], { foo: 1 }],
  ['a scalar document is replaced', 'foo', [replace('', 'bar')], 'bar'],
  ['an object becomes an array', {}, [add('', [])], []],
  ['an array becomes an object', [], [add('', {})], {}],
  ['add at the end of the root', [], [add('/-', 'hi')], ['hi']],
  ['the empty key', {}, [add('/', 1)], { '': 1 }],
  ['the empty key inside', { foo: {} }, [add('/foo/', 1)], { foo: { '': 1 } }],
  ['add an array', { foo: 1 }, [add('/bar', [1, 2])], { foo: 1, bar: [1, 2] }],
  [
    'add inside of an element',
    { foo: 1, baz: [{ qux: 'hello' }] },
    [add('/baz/0/foo', 'world')],
    { foo: 1, baz: [{ qux: 'hello', foo: 'world' }] },
  ],
  ['add true', { foo: 1 }, [add('/bar', true)], { foo: 1, bar: true }],
  ['add false', { foo: 1 }, [add('/bar', false)], { foo: 1, bar: false }],
  ['add null', { foo: 1 }, [add('/bar', null)], { foo: 1, bar: null }],
  ['0 may be a key', { foo: 1 }, [add('/0', 'bar')], { foo: 1, 0: 'bar' }],
  ['add at the index after the last', ['foo'], [add('/1', 'bar')], ['foo', 'bar']],
  ['add between', ['foo', 'sil'], [add('/1', 'bar')], ['foo', 'bar', 'sil']],
  ['add at the beginning', ['foo', 'sil'], [add('/0', 'bar')], ['bar', 'foo', 'sil']],
  ['add after the second', ['foo', 'sil'], [add('/2', 'bar')], ['foo', 'sil', 'bar']],
  ['1e0 may be a key', { '1e0': 'foo' }, [check('/1e0', 'foo')], { '1e0': 'foo' }],
  ['an added array is not flattened', ['foo', 'sil'], [add('/1', ['bar', 'baz'])], ['foo', ['bar', 'baz'], 'sil']],
  ['remove an array', { foo: 1, bar: [1, 2, 3, 4] }, [remove('/bar')], { foo: 1 }],
  ['remove inside of an element', { foo: 1, baz: [{ qux: 'hello' }] }, [remove('/baz/0/qux')], { foo: 1, baz: [{}] }],
  [
    'replace by an array',
    { foo: 1, baz: [{ qux: 'hello' }] },
    [replace('/foo', [1, 2, 3, 4])],
    { foo: [1, 2, 3, 4], baz: [{ qux: 'hello' }] },
  ],
  [
    'replace inside of an element',
    { foo: [1, 2, 3, 4], baz: [{ qux: 'hello' }] },
    [replace('/baz/0/qux', 'world')],
    { foo: [1, 2, 3, 4], baz: [{ qux: 'world' }] },
  ],
  ['replace an element', ['foo'], [replace('/0', 'bar')], ['bar']],
  ['replace by 0', [''], [replace('/0', 0)], [0]],
  ['replace by true', [''], [replace('/0', true)], [true]],
  ['replace by false', [''], [replace('/0', false)], [false]],
  ['replace by null', [''], [replace('/0', null)], [null]],
  ['a replacing array is not flattened', ['foo', 'sil'], [replace('/1', ['bar', 'baz'])], ['foo', ['bar', 'baz']]],
  ['replace the whole document', { foo: 'bar' }, [replace('', { baz: 'qux' })], { baz: 'qux' }],
  ['unknown members of a test', { foo: 1 }, [{ ...check('/foo', 1), spurious: 1 }], { foo: 1 }],
  ['null is a value to test', { foo: null }, [check('/foo', null)], { foo: null }],
  ['null is a value to replace', { foo: null }, [replace('/foo', 'truthy')], { foo: 'truthy' }],
  ['null is a value to move', { foo: null }, [move('/foo', '/bar')], { bar: null }],
  ['null is a value to copy', { foo: null }, [copy('/foo', '/bar')], { foo: null, bar: null }],
  ['null is a value to remove', { foo: null }, [remove('/foo')], {}],
  ['null replaces', { foo: 'bar' }, [replace('/foo', null)], { foo: null }],
  [
    'tests ignore the order of members',
    { foo: { foo: 1, bar: 2 } },
    [check('/foo', { bar: 2, foo: 1 })],
    { foo: { foo: 1, bar: 2 } },
  ],
  [
    'also of members in elements',
    { foo: [{ foo: 1, bar: 2 }] },
    [check('/foo', [{ bar: 2, foo: 1 }])],
    { foo: [{ foo: 1, bar: 2 }] },
  ],
  [
    'a nested value is tested',
    { foo: { bar: [1, 2, 5, 4] } },
    [check('/foo', { bar: [1, 2, 5, 4] })],
    { foo: { bar: [1, 2, 5, 4] } },
  ],
  ['the whole document is tested', { foo: 1 }, [check('', { foo: 1 })], { foo: 1 }],
  ['the value at the empty key is tested', { '': 1 }, [check('/', 1)], { '': 1 }],
  [
    'keys with punctuation',
    PUNCTUATED,
    [
      check('/foo', ['bar', 'baz']),
      check('/foo/0', 'bar'),
      check('/', 0),
      check('/a~1b', 1),
      check('/c%d', 2),
      check('/e^f', 3),
      check('/g|h', 4),
      check('/i\\j', 5),
      check('/k"l', 6),
      check('/ ', 7),
      check('/m~0n', 8),
    ],
    PUNCTUATED,
  ],
]
