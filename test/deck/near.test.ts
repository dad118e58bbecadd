import { describe, expect, test } from 'bun:test'
import { distanceWithin } from '../../shared/deck/distance.ts'
import { grade } from '../../shared/deck/grade.ts'
import { readings } from '../../shared/deck/numbers.ts'
import { Random } from '../room/random.ts'
import { cardOf } from './samples.ts'

const shareOf = (accepted: string, text: string, parts: object = {}) =>
  grade(cardOf('typed', { accepted: [accepted], ...parts }), { type: 'typed', text }).share

describe('a slip is forgiven by the length of the word:', () => {
  test.each<[string, string, 0 | 1]>([
    ['cat', 'cat', 1],
    ['cat', 'cut', 0],
    ['cat', 'cats', 0],
    ['cat', 'act', 0],
    ['frog', 'frogs', 1],
    ['frog', 'frg', 1],
    ['frog', 'forg', 1],
    ['frog', 'drog', 1],
    ['frog', 'forgs', 0],
    ['frog', 'dog', 0],
    ['giraffe', 'girafe', 1],
    ['giraffe', 'girraffe', 1],
    ['giraffe', 'griaffe', 1],
    ['giraffe', 'girafee', 1],
    ['giraffe', 'grafe', 0],
    ['elephant', 'elefant', 1],
    ['elephant', 'elphnat', 1],
    ['elephant', 'eelephants', 1],
    ['elephant', 'elfant', 0],
    ['elephant', 'element', 0],
    ['Достоевский', 'достоевскый', 1],
    ['Достоевский', 'достаевскый', 1],
    ['Достоевский', 'дастаевскый', 0],
    ['ירושלים', 'ירושליים', 1],
    ['οδός', 'οδόσι', 1],
    ['Apollo 11', 'Apolo 11', 1],
  ])('for %p, %p is worth %p', (accepted, given, share) => {
    expect(shareOf(accepted, given)).toBe(share)
    if (accepted !== given) expect(shareOf(accepted, given, { spelling: 'exact' })).toBe(0)
  })
})

describe('a number is never near:', () => {
  test.each<[string, string, 0 | 1]>([
    ['1945', '1945', 1],
    ['1945', '1946', 0],
    ['1945', '1954', 0],
    ['1234567890', '1234567891', 0],
    ['12345678901234567890', '12345678901234567891', 0],
    ['Apollo 11', 'Apollo 12', 0],
    ['Apollo 11', 'Apollo 1', 0],
    ['Apollo 11', 'Apollo', 0],
    ['Boeing 747', 'Boeing 747.5', 0],
    ['covid-19', 'covid 19', 1],
    ['covid-19', 'covid-20', 0],
    ['-5', '-5', 1],
    ['-5', '−5', 1],
    ['-5', '5', 0],
    ['5', '+5', 1],
    ['7', '007', 1],
    ['7.50', '7.5', 1],
    ['.5', '0.5', 1],
    ['3.14', '3,14', 1],
    ['3.14', '314', 0],
    ['1.234', '1234', 0],
    ['1000', '1,000', 1],
    ['1000', '1.000', 1],
    ['1 000 000', '1000000', 1],
    ['1,000,000', '1.000.000', 1],
    ['1,234.5', '1.234,5', 1],
    ['10', '1 0', 0],
    ['42', '٤٢', 1],
    ['42', '４２', 1],
    ['42', '४२', 1],
    ['0', '-0', 1],
    ['1914-1918', '1914–1918', 1],
    ['1914-1918', '1914-1919', 0],
  ])('for %p, %p is worth %p', (accepted, given, share) => {
    expect(shareOf(accepted, given)).toBe(share)
  })

  test('a mark before three digits has two readings, and what is no number has none', () => {
    expect(['1,234', '1.5', '1,234,567', '1.234,5', '1,23,4', '1,234 567', '12a', ''].map(readings)).toEqual([
      ['1.234', '1234.'],
      ['1.5'],
      ['1234567.'],
      ['1234.5'],
      [],
      [],
      [],
      [],
    ])
  })
})

/** The textbook's table, all of it. */
function slowDistance(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i + j))
  const cell = (i: number, j: number) => table[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const least = Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + same)
      table[i]?.splice(j, 1, swapped ? Math.min(least, cell(i - 2, j - 2) + 1) : least)
    }
  return cell(a.length, b.length)
}

test('the distance in the band is the one of the whole table', () => {
  const random = new Random(3)
  const word = () => Array.from({ length: random.below(7) }, () => random.of(['a', 'b', 'c'])).join('')
  const found = [0, 0, 0, 0]
  for (let i = 0; i < 5_000; i++) {
    const [a, b] = [word(), word()]
    const distance = slowDistance(a, b)
    for (const most of [0, 1, 2]) expect(distanceWithin(a, b, most)).toBe(distance <= most ? distance : null)
    found[Math.min(3, distance)] = (found[Math.min(3, distance)] ?? 0) + 1
  }
  for (const count of found) expect(count).toBeGreaterThan(50)
})

test('a pair of surrogates is one letter', () => {
  expect(distanceWithin('a😀b', 'a😃b', 1)).toBe(1)
  expect(distanceWithin('a😀b', 'a😀b', 0)).toBe(0)
})
