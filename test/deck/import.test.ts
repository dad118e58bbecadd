import { describe, expect, test } from 'bun:test'
import { importCards, importInput } from '../../shared/deck/import.ts'
import { cardsOfNotes } from '../../shared/deck/notes.ts'
import { LIMITS } from '../../shared/limits.ts'

const read = (format: 'table' | 'anki' | 'tab', text: string, as: 'flash-card' | 'typed' = 'flash-card') =>
  importCards(importInput.parse({ text, format, as }))
/** Front, back, explanation and tags of flash cards. */
const sides = ({ cards }: ReturnType<typeof read>) =>
  cards.map((card) => [
    card.prompt,
    card.type === 'flash-card' ? card.back : null,
    card.explanation,
    card.tags.join(' '),
  ])
const faults = ({ errors }: ReturnType<typeof read>) => errors.map(({ row, rule }) => [row, rule])

describe('lines of term, tab, definition', () => {
  test('become flash cards, or cards to type', () => {
    const text = '\ufeffder Hund\tthe dog\r\ndie "Katze"\t the  cat, puss \n\nx\ty\tz'
    expect(sides(read('tab', text))).toEqual([
      ['der Hund', 'the dog', '', ''],
      ['die "Katze"', 'the  cat, puss', '', ''],
      ['x', 'y\tz', '', ''],
    ])
    expect(read('tab', text, 'typed').cards[1]).toMatchObject({ type: 'typed', accepted: ['the cat, puss'] })
  })

  test('are read as far as they can be', () => {
    const result = read('tab', `a\tb\nno tab\n\tno term\nno definition\t\n${'x'.repeat(33_000)}\ty\nc\td`)
    expect(sides(result).map(([front]) => front)).toEqual(['a', 'c'])
    expect(faults(result)).toEqual([
      [2, 'row-unreadable'],
      [3, 'card-invalid'],
      [4, 'card-invalid'],
      [5, 'row-unreadable'],
    ])
    expect(result.errors.map(({ why }) => why)[1]).toStartWith('prompt: ')
  })

  test('have a limit', () => {
    const rows = `${'\n'.repeat(LIMITS.deck.importRows - 1)}a\tb\nc\td\ne\tf`
    expect(sides(read('tab', rows)).length).toBe(1)
    expect(faults(read('tab', rows))).toEqual([[LIMITS.deck.importRows + 1, 'too-many-rows']])
  })
})

describe('a text of Anki', () => {
  test('has headers, as its export writes them', () => {
    const text = [
      '#separator:tab',
      '#html:true',
      '#guid column:1',
      '#notetype column:2',
      '#deck column:3',
      '#tags column:6',
      'k1\tBasic\tGerman\tder <b>Hund</b>\t"the dog<br>(""canine"")"\tanimal noun',
      'k2\tBasic\tGerman\tGr&uuml;&szlig;e &amp; K&#252;sse\t[sound:x.mp3]<div>greetings</div>\t',
    ].join('\n')
    expect(sides(read('anki', text))).toEqual([
      ['der Hund', 'the dog\n("canine")', '', 'animal noun'],
      ['Gr&uuml;&szlig;e & Küsse', 'greetings', '', ''],
    ])
  })

  test('names columns, and tags for all of its notes', () => {
    const text = '#separator:Comma\n#columns:Tags,Answer,Notes,Question\n#tags:all Both\nown all,A,why,Q\n'
    expect(sides(read('anki', text))).toEqual([['Q', 'A', 'why', 'all Both own']])
    const foreign = '#separator:;\n#columns:Expression;Meaning;Reading\n犬;dog;いぬ'
    expect(sides(read('anki', foreign))).toEqual([['犬', 'dog', 'いぬ', '']])
    expect(sides(read('anki', '#columns:Back\tWord\nb\tw'))).toEqual([['w', 'b', '', '']])
  })

  test.each([
    ['tab', 'a, b\tc; d', ['a, b', 'c; d']],
    ['semicolon', 'a, b;c', ['a, b', 'c']],
    ['pipe', 'a, b|c', ['a, b', 'c']],
    ['comma', '"a\nb",c', ['a\nb', 'c']],
  ])('needs no header: a %s is found', (_, text, [front, back]) => {
    expect(sides(read('anki', text))).toEqual([[front ?? '', back ?? '', '', '']])
  })

  test('is HTML if it says so, or looks so and says nothing', () => {
    const front = (text: string) => read('anki', text).cards[0]?.prompt
    expect(front('#html:false\n<b>a</b>\tb')).toBe('<b>a</b>')
    expect(front('#html:true\n5 &deg;\tc')).toBe('5 °')
    expect(front('5 &deg;\tc')).toBe('5 &deg;')
    expect(front('<b>a</b>\tb')).toBe('a')
    expect(front('a < b > c & d\tb')).toBe('a < b > c & d')
  })

  test('has comments, and rows that make no card', () => {
    const result = read('anki', '# comment: x\n#separator:tab\na\tb\n#c\td\nalone\n"open\tx\ne\tf')
    expect(sides(result).map(([front]) => front)).toEqual(['a', 'e'])
    expect(faults(result)).toEqual([
      [5, 'card-invalid'],
      [6, 'row-unreadable'],
    ])
  })

  test('takes no separator that would break its quotes', () => {
    expect(sides(read('anki', '#separator:"\n"a"\t"b"'))).toEqual([['a', 'b', '', '']])
  })
})

describe('a note', () => {
  const note = { row: 3, fields: ['{{c1::<b>Paris</b>}} is in {{c2::France}}', 'Europe'], tags: ['geo', 'geo'] }

  test('with gaps makes cards to type or to turn', () => {
    const { cards } = cardsOfNotes([note], { markup: 'html', as: 'typed' })
    expect(cards).toMatchObject([
      { type: 'typed', prompt: '[…] is in France', accepted: ['Paris'], explanation: 'Europe', tags: ['geo'] },
      { type: 'typed', prompt: 'Paris is in […]', accepted: ['France'] },
    ])
    expect(cardsOfNotes([note], { markup: 'html', as: 'flash-card' }).cards).toMatchObject([
      { back: 'Paris' },
      { back: 'France' },
    ])
  })

  test('of nothing but a picture is an error, with its row', () => {
    const result = cardsOfNotes([{ ...note, fields: ['<img src="x.jpg">', 'b'] }, note], {
      markup: 'html',
      as: 'typed',
    })
    expect([result.cards.length, faults(result)]).toEqual([2, [[3, 'card-invalid']]])
  })
})

test('a text that is too long is refused whole', () => {
  const text = 'a\tb\n'.repeat(LIMITS.deck.importChars / 4)
  for (const format of ['table', 'anki', 'tab'] as const) {
    read(format, text)
    expect(() => read(format, `${text}x`)).toThrow(expect.objectContaining({ rule: 'too-large' }))
  }
})

test('what a deck cannot hold is left out, and said once', () => {
  const count = LIMITS.deck.cards
  const result = read('tab', Array.from({ length: count + 20 }, (_, i) => `a${i}\tb`).join('\n'))
  expect([result.cards.length, faults(result)]).toEqual([count, [[count + 1, 'deck-full']]])
})
