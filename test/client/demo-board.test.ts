import { describe, expect, test } from 'bun:test'
import { distance, pathOf, SIZE, thinned, within } from '../../client/demo/board/drawing/line.ts'
import { personsOf } from '../../client/demo/board/persons.ts'
import { boardIn } from '../../client/demo/board/place.ts'
import { boardWords, endWords } from '../../client/demo/board/words.ts'
import { FoyerError } from '../../client/index.ts'

describe('a line of the demo board', () => {
  test('is a path through its points, or a dot', () => {
    expect(pathOf([])).toBe('')
    expect(pathOf([5, 6])).toBe('M5 6h.01')
    expect(pathOf([0, 0, 10, 20])).toBe('M0 0L10 20')
    expect(pathOf([0, 0, 10, 20, 30, 0])).toBe('M0 0Q10 20 20 10L30 0')
  })

  test('loses points that lie on it, and none that it turns at', () => {
    const straight = Array.from({ length: 50 }, (_, i) => [i * 4, 100]).flat()
    expect(thinned(straight)).toEqual([0, 100, 196, 100])
    expect(thinned([0, 0, 50, 0, 100, 0, 100, 50, 100, 100])).toEqual([0, 0, 100, 0, 100, 100])
    expect(thinned([7, 7])).toEqual([7, 7])
    // A loop ends where it began: its own ends make no line to measure by.
    expect(thinned([0, 0, 40, 40, 0, 0])).toEqual([0, 0, 40, 40, 0, 0])
  })

  test('stays on the drawing, in whole units', () => {
    expect(within([-3, 1.4])).toEqual([0, 1])
    expect(within([5_000, 5_000])).toEqual([SIZE.width, SIZE.height])
    expect(distance([0, 0], [3, 4])).toBe(5)
  })
})

describe('the people of the demo board', () => {
  const seats = { me: 'b', owner: 'a', occupants: ['a', 'b', 'c', 'd'], people: { c: 'Cleo' } }
  const here = { name: 'Ann', ink: 3, at: null, line: null }

  test('come oneself first, by the names that they show or have left', () => {
    const persons = personsOf({ ...seats, shown: [{ user: 'a', state: here }] })
    expect(persons.map(({ user, name, isMe, isOwner, isHere }) => [user, name, isMe, isOwner, isHere])).toEqual([
      ['b', 'b', true, false, true],
      ['a', 'Ann', false, true, true],
      ['c', 'Cleo', false, false, false],
      ['d', 'd', false, false, false],
    ])
  })

  test('are those with a seat: whose connection is not gone yet is not among them', () => {
    expect(personsOf({ ...seats, shown: [{ user: 'x', state: here }] }).map(({ user }) => user)).not.toContain('x')
  })
})

test('a board`s id is found in a link, in its own, and in nothing else', () => {
  const id = '0192f0c4-7d3a-7c11-9d7e-2b5c8f1a0e42'
  for (const text of [id, `https://example.org/board#${id}`, `?room=${id.toUpperCase()} `])
    expect(boardIn(text)).toBe(id)
  for (const text of ['', '#', 'a board', id.slice(1)]) expect(boardIn(text)).toBeNull()
})

test('the end of a board is told with the owner`s reason, or the server`s word', () => {
  expect(endWords({ why: 'deleted', reason: 'The party is over' })).toBe('The board was deleted. “The party is over”')
  const error = new FoyerError('unauthorized')
  expect(endWords({ why: 'lost', reason: '', error })).toBe(boardWords(error))
})
