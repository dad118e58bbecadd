import { describe, expect, test } from 'bun:test'
import { notesOfPackage } from '../../server/decks/package.ts'
import { notesOf } from '../../server/decks/collection.ts'
import { cardsOfNotes } from '../../shared/deck/notes.ts'
import { LIMITS } from '../../shared/limits.ts'
import { collection11, collection18, type Given, packageOf, sqliteOf, zipOf } from './packages.ts'

const sidesOf = (notes: ReturnType<typeof notesOf>['notes']) => notes.map(({ fields: [front, back] }) => [front, back])
const cardsOf = async (file: Uint8Array) => {
  const { notes, errors } = await notesOfPackage(file)
  return cardsOfNotes(notes, { markup: 'html', as: 'flash-card', errors })
}

describe.each(['anki2', 'anki21', 'anki21b'] as const)('a package with collection.%s', (age) => {
  test('has a card for each note, text instead of HTML', async () => {
    const notes = [
      { fields: ['der <b>Hund</b>', 'the&nbsp;dog<br>animal', '<i>why</i>'], tags: ' animal noun ' },
      { fields: ['{{c1::Paris}} is in {{c2::France}}', 'Europe'] },
      { fields: ['犬', 'dog [sound:dog.mp3]'] },
    ]
    expect((await cardsOf(packageOf[age]({ notes }))).cards).toMatchObject([
      { type: 'flash-card', prompt: 'der Hund', back: 'the dog\nanimal', explanation: 'why', tags: ['animal', 'noun'] },
      { prompt: '[…] is in France', back: 'Paris', explanation: 'Europe' },
      { prompt: 'Paris is in […]', back: 'France' },
      { prompt: '犬', back: 'dog' },
    ])
  })

  test('names the notes of which no card is made', async () => {
    const notes = [
      { fields: ['a', 'b'] },
      { fields: ['<img src=x>', 'b'] },
      { fields: ['c', ''] },
      { fields: ['d', 'e'] },
    ]
    const { cards, rows, errors } = await cardsOf(packageOf[age]({ notes }))
    expect([cards.length, rows]).toEqual([2, [1, 4]])
    expect(errors.map(({ row, rule }) => [row, rule])).toEqual([
      [2, 'card-invalid'],
      [3, 'card-invalid'],
    ])
  })

  test('tells front from back by the names of the fields', async () => {
    const kinds = { 5: ['Rank', 'Answer', 'Question'], 1_700_000_000_001: ['x', 'y'] }
    const notes = [{ kind: 5, fields: ['12', 'dog', 'Hund'] }, { fields: ['cat', 'Katze'] }]
    const { notes: found } = await notesOfPackage(packageOf[age]({ notes, kinds }))
    expect(found.map(({ fields }) => fields)).toEqual([
      ['Hund', 'dog', '12'],
      ['cat', 'Katze'],
    ])
  })
})

describe('a collection', () => {
  const many: Given = {
    notes: Array.from({ length: 700 }, (_, i) => ({
      fields: [`front ${i}`, `${i} `.repeat(i % 50 === 0 ? 2_000 : 20)],
    })),
    kinds: Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [i + 1, Array.from({ length: 20 }, (_, n) => `field ${n}`)]),
    ),
  }
  const sides = many.notes.map(({ fields: [front, back] }) => [front, back])

  test.each([512, 1_024, 4_096, 65_536])(
    'is read with pages of %d bytes, records on overflow pages included',
    (bytes) => {
      for (const make of [collection11, collection18])
        expect(sidesOf(notesOf(make({ ...many, pragmas: `pragma page_size = ${bytes}` })).notes)).toEqual(sides)
    },
  )

  test.each(['UTF-8', 'UTF-16le', 'UTF-16be'])('is read in %s', (encoding) => {
    const notes = [{ fields: ['été 犬 𝒳', 'ש'], tags: 'ü' }]
    const read = notesOf(collection11({ notes, pragmas: `pragma encoding = '${encoding}'` }))
    expect(read.notes).toMatchObject([{ fields: ['été 犬 𝒳', 'ש'], tags: ['ü'] }])
  })

  test('that was edited for long, with free pages between, is read', () => {
    const file = sqliteOf((db) => {
      db.run('create table junk (x)')
      for (let i = 0; i < 50; i++) db.run('insert into junk values (zeroblob(9000))')
      db.run('create table notes (id integer primary key, a, mid, b, c, tags text, flds text)')
      for (let i = 0; i < 500; i++) db.run('insert into notes values (?, 0, 1, 0, 0, ?, ?)', [i, '', `f${i}\x1fb`])
      db.run('drop table junk')
      db.run('delete from notes where id % 3 = 0')
      db.run('alter table notes add column more default 5')
    })
    const kept = Array.from({ length: 500 }, (_, i) => i).filter((i) => i % 3 !== 0)
    expect(sidesOf(notesOf(file).notes)).toEqual(kept.map((i) => [`f${i}`, 'b']))
  })

  test('gives no more notes than an import has rows, and no longer ones than a row', () => {
    const { importRows, importRowChars } = LIMITS.deck
    const notes = Array.from({ length: importRows + 9 }, () => ({ fields: ['a', 'b'] }))
    const read = notesOf(collection18({ notes }))
    expect([read.notes.length, read.errors]).toMatchObject([
      importRows,
      [{ row: importRows + 1, rule: 'too-many-rows' }],
    ])
    const long = notesOf(
      collection18({ notes: [{ fields: ['x'.repeat(5 * importRowChars), 'b'] }, { fields: ['a', 'b'] }] }),
    )
    expect([sidesOf(long.notes), long.errors]).toMatchObject([[['a', 'b']], [{ row: 1, rule: 'row-unreadable' }]])
  })

  test('gives no more text than an import has', () => {
    const field = 'x'.repeat(30_000)
    const read = notesOf(collection18({ notes: Array.from({ length: 100 }, () => ({ fields: [field, 'b'] })) }))
    expect(read.notes.length).toBe(Math.floor(LIMITS.deck.importChars / 30_001))
    expect(read.errors.map(({ rule }) => rule)).toEqual(['too-many-rows'])
  })

  test('without notes, or with a view of that name, has none', () => {
    expect(notesOf(collection18({ notes: [] })).notes).toEqual([])
    const endless =
      'create view notes as with recursive n(i) as (select 1 union all select i + 1 from n) select i from n'
    expect(notesOf(sqliteOf((db) => void db.run(endless))).notes).toEqual([])
  })
})

test('a name in a package that leads elsewhere leads nowhere', async () => {
  const content = collection18({ notes: [{ fields: ['a', 'b'] }] })
  const names = ['../../collection.anki2', '/etc/passwd', 'C:\\x', '\0', '‮', '__proto__', '']
  const evil = names.map((name) => ({ name, content: Buffer.from('x') }))
  expect(await notesOfPackage(zipOf([...evil, { name: 'collection.anki21', content }]))).toMatchObject({
    notes: [{ row: 1 }],
  })
  expect(await notesOfPackage(zipOf(evil)).catch((error: unknown) => error)).toMatchObject({ rule: 'deck-unreadable' })
})
