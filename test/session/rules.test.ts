import { describe, expect, test } from 'bun:test'
import { formatBoxCursor, formatListCursor, parseBoxCursor, parseListCursor } from '../../shared/session/cursor.ts'
import { facetsOf } from '../../shared/session/facets.ts'
import { NAMES, speakableName } from '../../shared/session/names.ts'
import { needsRenewal } from '../../shared/session/renewal.ts'
import { chooseSeat } from '../../shared/session/seat.ts'

const now = new Date(1_000_000)
const at = (ms: number) => new Date(now.getTime() + ms)
const seat = (name: string, slot: number, leftMs = 1_000) =>
  ({ name, slot, live: true, expiresAt: at(leftMs), purgeAt: at(leftMs + 1_000) }) as const

describe('chooseSeat', () => {
  const choose = (seats: ReturnType<typeof seat>[], pick = 0) =>
    chooseSeat(seats, { name: 'Bob', maxClients: 3, now, pick })

  test('takes a free slot, spread by the pick', () => {
    expect([0, 0.5, 0.99].map((pick) => choose([], pick))).toEqual([{ take: 0 }, { take: 1 }, { take: 2 }])
    expect([0, 0.99].map((pick) => choose([seat('A', 1)], pick))).toEqual([{ take: 0 }, { take: 2 }])
  })

  test('refuses a held name, and evicts an expired namesake whatever else is free', () => {
    expect(choose([seat('Bob', 0)])).toEqual({ refuse: 'client-name-taken' })
    expect(choose([seat('Bob', 0, 0)])).toEqual({ evict: [seat('Bob', 0, 0)] })
  })

  test('evicts expired seats only when no slot is free, and refuses when all are held', () => {
    const two = [seat('A', 0, -1), seat('B', 1)]
    expect(choose(two)).toEqual({ take: 2 })
    expect(choose([...two, seat('C', 2)])).toEqual({ evict: [seat('A', 0, -1)] })
    expect(choose([seat('A', 0), seat('B', 1), seat('C', 2)])).toEqual({ refuse: 'session-full' })
  })

  test('counts slots above the maximum as none: a take-over may have lowered it', () => {
    expect(chooseSeat([seat('A', 5)], { name: 'Bob', maxClients: 1, now, pick: 0 })).toEqual({ take: 0 })
  })
})

describe('needsRenewal', () => {
  const needs = (leftMs: number, waitMs = 0) =>
    needsRenewal({ expiresAt: at(leftMs) }, { now, expiryMs: 30_000, waitMs })

  test('is true below two thirds of the expiry', () => {
    expect([30_000, 20_000, 19_999, 0, -5].map((left) => needs(left))).toEqual([false, false, true, true, true])
  })

  test('leaves a third after a wait', () => {
    expect([needs(30_000, 20_000), needs(29_999, 20_000), needs(20_000, 10_000)]).toEqual([false, true, false])
  })
})

test('cursors survive the wire, and foreign ones are bad-request', () => {
  const box = { inc: 'i'.repeat(22), n: 12 }
  expect(parseBoxCursor(formatBoxCursor(box))).toEqual(box)
  const list = { at: now, id: 'd'.repeat(22) }
  expect(parseListCursor(formatListCursor(list))).toEqual(list)
  expect([parseBoxCursor(undefined), parseBoxCursor(null), parseListCursor(undefined)]).toEqual([null, null, null])
  for (const text of [
    '',
    'x',
    '1.1',
    `${'i'.repeat(22)}.-1`,
    `${'i'.repeat(21)}.1`,
    `${'9'.repeat(16)}.${'i'.repeat(22)}`,
  ]) {
    expect(() => parseBoxCursor(text)).toThrow(expect.objectContaining({ rule: 'bad-request' }))
    expect(() => parseListCursor(text)).toThrow(expect.objectContaining({ rule: 'bad-request' }))
  }
})

test('facets are one text for each plain value, and differ by key, value and type', () => {
  expect(facetsOf({ map: 'dust', size: 4, open: true, tags: ['a'], deep: { x: 1 }, none: null })).toHaveLength(3)
  const values: Record<string, string | number | boolean>[] = [
    { a: '1' },
    { a: 1 },
    { a: true },
    { a: 'true' },
    { b: '1' },
    { 'a","1': '' },
  ]
  const texts = values.flatMap((metadata) => facetsOf(metadata))
  expect(new Set(texts).size).toBe(6)
})

test('speakable names are all different and easy to say', () => {
  const names = Array.from({ length: 2_000 }, (_, i) => speakableName(Math.floor((i * NAMES) / 2_000)))
  expect(new Set(names).size).toBe(2_000)
  for (const name of [...names, speakableName(0), speakableName(NAMES - 1)])
    expect(name).toMatch(/^[a-z]+-[a-z]+-\d{4}$/)
})
