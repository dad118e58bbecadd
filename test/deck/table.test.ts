import { describe, expect, test } from 'bun:test'
import { guarded, listCell, listOf, numberIn, unguarded } from '../../shared/deck/cells.ts'
import { readTable, writeRow } from '../../shared/deck/table.ts'
import { LIMITS } from '../../shared/limits.ts'
import { Random } from '../room/random.ts'

const { importRows, importRowChars, importCells } = LIMITS.deck
const COMMA = { separator: ',' }
const cellsOf = (text: string, format = COMMA) => readTable(text, format).rows.map(({ cells }) => cells)
const faults = (text: string, format = COMMA) => readTable(text, format).errors.map(({ row, rule }) => [row, rule])

describe('RFC 4180', () => {
  test.each<[string, string[][]]>([
    ['', []],
    ['\n', []],
    ['a', [['a']]],
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\rc,d\r',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a,,b,', [['a', '', 'b', '']]],
    ['"a","b"', [['a', 'b']]],
    ['"a,b",c', [['a,b', 'c']]],
    ['"a\r\nb",c\nd', [['a\r\nb', 'c'], ['d']]],
    ['"say ""hi""",x', [['say "hi"', 'x']]],
    ['"",x', [['', 'x']]],
    ['"""",x', [['"', 'x']]],
    [' a , b ', [[' a ', ' b ']]],
    ['5" nail,x', [['5" nail', 'x']]],
    ['a\n\n,\n"",""\nb', [['a'], ['b']]],
    ['a,b\nc', [['a', 'b'], ['c']]],
  ])('%j', (text, cells) => {
    expect(readTable(text, COMMA)).toMatchObject({ errors: [] })
    expect(cellsOf(text)).toEqual(cells)
  })

  test('rows are counted as a spreadsheet does: the empty ones too, those of several lines once', () => {
    expect(readTable('a\n\n"b\nc"\nd', COMMA).rows.map(({ row }) => row)).toEqual([1, 3, 4])
  })

  test('a comment is left out, and counted', () => {
    expect(readTable('#x,"\na\n#\nb,#c', { separator: ',', comment: '#' })).toEqual({
      rows: [
        { row: 2, cells: ['a'] },
        { row: 4, cells: ['b', '#c'] },
      ],
      errors: [],
    })
  })
})

describe('a row that cannot be read is an error, and the others are read', () => {
  test.each<[string, string[][], number[]]>([
    ['a\n"b,c\nd,e', [['a'], ['d', 'e']], [2]],
    ['"b,c\n"d","e"\nf', [['d', 'e'], ['f']], [1]],
    ['"a"b,c\nd', [['d']], [1]],
    ['a,"b" \nd', [['d']], [1]],
    ['"', [], [1]],
    ['a\n"', [['a']], [2]],
  ])('%j', (text, cells, rows) => {
    expect(cellsOf(text)).toEqual(cells)
    expect(faults(text)).toEqual(rows.map((row) => [row, 'row-unreadable']))
  })
})

describe('a table has limits:', () => {
  test('of rows', () => {
    const { rows, errors } = readTable('a\n'.repeat(importRows + 7), COMMA)
    expect(rows.length).toBe(importRows)
    expect(errors).toMatchObject([{ row: importRows + 1, rule: 'too-many-rows' }])
    expect(readTable('a\n'.repeat(importRows), COMMA).errors).toEqual([])
  })

  test.each([
    ['of the size of a row', 'x'.repeat(importRowChars), 'x'.repeat(importRowChars + 1)],
    ['of the size of a quoted cell', `"${'x'.repeat(importRowChars - 2)}"`, `"${'x'.repeat(importRowChars)}"`],
    ['of cells', ','.repeat(importCells - 1).replace(',', 'a,'), 'a,'.repeat(importCells)],
  ])('%s', (_, fits, over) => {
    expect([cellsOf(`${fits}\nb`).length, faults(`${fits}\nb`)]).toEqual([2, []])
    expect([cellsOf(`${over}\nb`), faults(`${over}\nb`)]).toEqual([[['b']], [[1, 'row-unreadable']]])
  })

  test('of the work that a hostile text makes', () => {
    const from = performance.now()
    for (const row of ['"\n', '"a,\n', '"a""\n', '",",",\n', ',\n', '""""""'.repeat(200), ','.repeat(400)])
      readTable(row.repeat(Math.ceil(LIMITS.deck.importChars / row.length)), COMMA)
    expect(performance.now() - from).toBeLessThan(5_000)
  })
})

test('whatever is written is read back', () => {
  const random = new Random(4)
  const cell = () =>
    Array.from({ length: random.below(5) }, () =>
      random.of(['a', '"', ',', '\n', '\r\n', ' ', '\t', '#', "'", '=']),
    ).join('')
  for (let i = 0; i < 3_000; i++) {
    const cells = ['x', ...Array.from({ length: random.below(4) }, cell)]
    expect(cellsOf(`${writeRow(cells)}\r\n`)).toEqual([cells])
  }
})

describe('a cell', () => {
  test.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx', '＝1', "'=1", "''@x", '=cmd|/C calc!A0'])(
    '%j gets an apostrophe, which comes off again',
    (text) => {
      expect(guarded(text)).toBe(`'${text}`)
      expect(unguarded(guarded(text))).toBe(text)
    },
  )

  test.each(['', 'a', "'tis", '1', '"=1', ' =1', 'a=1', "'"])('%j is no formula, and stays', (text) => {
    expect([guarded(text), unguarded(text)]).toEqual([text, text])
  })

  test.each<[string[], string]>([
    [['a', 'b'], 'a\nb'],
    [['a|b', 'c'], 'a|b\nc'],
    [['a|b'], 'a|b\n'],
    [['a'], 'a'],
  ])('of the list %j is %j', (items, cell) => {
    expect(listCell(items)).toBe(cell)
    expect(listOf(cell)).toEqual(items)
  })

  test('of a list may be written by hand with bars', () => {
    expect([listOf('a|b c||d'), listOf('a\r\nb'), listOf(''), listOf(' | ')]).toEqual([
      ['a', 'b c', 'd'],
      ['a', 'b'],
      [],
      [],
    ])
  })

  test('has a number, nothing, or what the schema will refuse', () => {
    expect(['1', ' -2.5 ', '+.5', '1e3', '', ' ', '1,5', '0x1', 'Infinity', 'a'].map(numberIn)).toEqual([
      1,
      -2.5,
      0.5,
      1_000,
      undefined,
      undefined,
      '1,5',
      '0x1',
      'Infinity',
      'a',
    ])
  })
})
