import { describe, expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import { applyOperations } from '../../shared/room/apply.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { rebaseOperations } from '../../shared/room/rebase.ts'
import { remembering, shiftsSince } from '../../shared/room/recent.ts'
import { RuleError } from '../../shared/rules.ts'
import { Random, randomJson } from './random.ts'
import { Operations } from './random-operations.ts'

const EMPTY = { recent: [], forgotten: 0 }
const kept = (operation: Operation) => remembering(EMPTY, 1, [operation]).recent.flatMap(({ operations }) => operations)

/** What comes of rebasing, to be compared. */
const outcome = (rebased: readonly Operation[] | RuleError) =>
  rebased instanceof RuleError ? { rule: rebased.rule, ...rebased.details } : rebased

describe('what a room remembers of an edit', () => {
  test.each<[string, Operation]>([
    ['a counter', { op: 'increment', path: '/list/0/n', by: 1 }],
    ['a cell', { op: 'set', path: '/cells/A1', value: { text: 'x' } }],
    ['a row without lists', { op: 'merge', path: '/cells', value: { A1: 1 } }],
    ['a key that goes', { op: 'delete', path: '/cells/A1' }],
  ])('%s: nothing', (_, operation) => {
    expect(kept(operation)).toEqual([])
  })

  test.each<[string, Operation]>([
    ['a list that comes', { op: 'set', path: '/a', value: { b: [1] } }],
    ['a list that goes', { op: 'delete', path: '/a', lists: true }],
    ['a key of an element, which may be its id', { op: 'set', path: '/list/3/id', value: 'x' }],
    ['a key of an element that goes', { op: 'delete', path: '/list/3/id' }],
    ['a merge patch', { op: 'mergePatch', path: '', patch: { a: null } }],
    ['a move', { op: 'move', path: '/list', at: { index: 3 }, to: 0 }],
  ])('%s: the operation', (_, operation) => {
    expect(kept(operation)).toEqual([operation])
  })

  test('elements: where and how many, not what they are', () => {
    expect(kept({ op: 'insert', path: '/l', at: { index: 1 }, value: [[1]] })).toEqual([
      { op: 'insert', path: '/l', at: { index: 1 }, value: null },
    ])
    expect(kept({ op: 'append', path: '/l', values: ['a', ['b']], index: 3 })).toEqual([
      { op: 'append', path: '/l', values: [null, null], index: 3 },
    ])
  })

  test('is enough: over random edits, rebasing over it comes to the same as over all that was done', () => {
    let moved = 0
    let stale = 0
    for (let seed = 1; seed <= 300; seed++) {
      const random = new Random(seed)
      const data = { list: [randomJson(random), { id: 'a', l: [1, 2, 3] }, { id: 'b' }], o: { 7: [1, 2] } }
      const { now, past, memory } = edited(random, data)
      for (let base = 0; base < past.length; base++) {
        const operations = [new Operations(random, data).operation(), new Operations(random, now).operation()]
        const all = outcome(rebaseOperations(operations, past.slice(base), now))
        const known = shiftsSince(memory, base)
        if (known === null) continue
        expect(outcome(rebaseOperations(operations, known, now))).toEqual(all)
        if ('rule' in all) stale++
        else if (JSON.stringify(all) !== JSON.stringify(operations)) moved++
      }
    }
    expect(moved).toBeGreaterThan(100)
    expect(stale).toBeGreaterThan(100)
  })
})

/** Random edits, and what a room remembers of them. Versions are 1 to 12. */
function edited(random: Random, data: Parameters<typeof applyOperations>[0]) {
  let now = data
  let memory: Parameters<typeof remembering>[0] = EMPTY
  const past: (readonly Operation[])[] = []
  while (past.length < 12) {
    const applied = applyOperations(now, [new Operations(random, now).operation()])
    if (applied instanceof RuleError) continue
    now = applied.data
    past.push(applied.operations)
    memory = remembering(memory, past.length, applied.operations)
  }
  return { now, past, memory }
}

describe('the edits since a version', () => {
  const remove = (index: number): Operation => ({ op: 'remove', path: '/l', at: { index } })
  const edits = LIMITS.rebaseEdits + 6
  const memory = Array.from({ length: edits }, (_, i) => i + 1).reduce<Parameters<typeof remembering>[0]>(
    (all, n) => remembering(all, 10 * n, [remove(n)]),
    EMPTY,
  )

  test('are those after it, oldest first', () => {
    expect(shiftsSince(memory, 10 * (edits - 2))).toEqual([[remove(edits - 1)], [remove(edits)]])
    expect(shiftsSince(memory, 10 * (edits - 2) - 1)).toHaveLength(3)
    expect(shiftsSince(memory, 10 * edits)).toEqual([])
  })

  test('are known back to the newest forgotten one, and no further', () => {
    expect(memory.forgotten).toBe(60)
    expect(shiftsSince(memory, 60)).toHaveLength(LIMITS.rebaseEdits)
    expect(shiftsSince(memory, 59)).toBeNull()
  })

  test('are all known while none was forgotten', () => {
    expect(shiftsSince(EMPTY, 0)).toEqual([])
    expect(shiftsSince(remembering(EMPTY, 9, [remove(0)]), 0)).toEqual([[remove(0)]])
  })
})
