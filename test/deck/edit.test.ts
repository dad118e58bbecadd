import { describe, expect, test } from 'bun:test'
import type { Card } from '../../shared/deck/cards.ts'
import type { Deck } from '../../shared/deck/deck.ts'
import { checkDeckSize, type DeckEdit, editDeck } from '../../shared/deck/edit.ts'
import { cardsWithIds, errorsOf, roomFor } from '../../shared/deck/fill.ts'
import { LIMITS } from '../../shared/limits.ts'
import { RuleError } from '../../shared/rules.ts'
import { cardOf } from './samples.ts'

const card = (id: string, prompt = id): Card => ({ ...cardOf('info', { prompt }), id })
const deckOf = (...cards: Card[]): Deck => ({ title: 'T', description: 'D', visibility: 'private', cards })
const newId = (n: number) => `new${n}`
const edited = (edit: DeckEdit, deck = deckOf(card('a'), card('b'), card('c'))) => editDeck(deck, edit, newId)
const idsOf = ({ deck }: { deck: Deck }) => deck.cards.map(({ id }) => id).join('')
const ruleOf = (act: () => unknown) => {
  try {
    act()
    return null
  } catch (error) {
    return error
  }
}

describe('an edit of a deck', () => {
  test('changes what it names and nothing else', () => {
    const { deck } = edited({ title: 'New', visibility: 'public' })
    expect(deck).toEqual({ ...deckOf(card('a'), card('b'), card('c')), title: 'New', visibility: 'public' })
    expect(edited({ cards: [card('x')], description: '' }).deck).toMatchObject({
      description: '',
      cards: [{ id: 'x' }],
    })
  })

  test('puts a card in the place of the one with its id, and a new one at the end', () => {
    const put = edited({
      operations: [
        { op: 'put', card: card('b', 'changed') },
        { op: 'put', card: card('d') },
      ],
    })
    expect(put.deck.cards.map(({ id, prompt }) => `${id} ${prompt}`)).toEqual(['a a', 'b changed', 'c c', 'd d'])
    expect(put.added).toBe(0)
    const fresh = edited({
      operations: [
        { op: 'put', card: cardOf('poll') },
        { op: 'put', card: cardOf('poll') },
      ],
    })
    expect([idsOf(fresh), fresh.added]).toEqual(['abcnew0new1', 2])
  })

  test('removes a card, or leaves it removed', () => {
    expect(
      idsOf(
        edited({
          operations: [
            { op: 'remove', id: 'b' },
            { op: 'remove', id: 'x' },
          ],
        }),
      ),
    ).toBe('ac')
  })

  test.each([
    ['a', 0, 'abc'],
    ['a', 1, 'bac'],
    ['a', 2, 'bca'],
    ['a', 99, 'bca'],
    ['c', 0, 'cab'],
  ])('moves %s to %d: %s', (id, to, ids) => {
    expect(idsOf(edited({ operations: [{ op: 'move', id, to }] }))).toBe(ids)
  })

  test('refuses to move what is not there, and says which operation', () => {
    const operations = [
      { op: 'remove', id: 'a' },
      { op: 'move', id: 'a', to: 1 },
    ] as const
    expect(ruleOf(() => edited({ operations }))).toMatchObject({ rule: 'path-missing', details: { operation: 1 } })
  })

  test('makes no deck of more than a deck holds', () => {
    const full = deckOf(...Array.from({ length: LIMITS.deck.cards }, (_, i) => card(`${i}`)))
    const put = { operations: [{ op: 'put', card: cardOf('info') }] } as const
    expect(ruleOf(() => edited(put, full))).toMatchObject({ rule: 'deck-full', details: { what: 'cards' } })
    const long = 'x'.repeat(2_000)
    const large = Array.from({ length: 999 }, (_, i) => card(`${i}`, long))
    expect(ruleOf(() => edited({ cards: large }))).toMatchObject({ rule: 'deck-full', details: { what: 'bytes' } })
  })
})

describe('cards that are added', () => {
  test('are as many as find room by their number', () => {
    const deck = deckOf(...Array.from({ length: LIMITS.deck.cards - 2 }, (_, i) => card(`${i}`)))
    const cards = cardsWithIds({ cards: Array.from({ length: 5 }, () => cardOf('info')) }, newId)
    expect(roomFor(deck, cards)).toBe(2)
    expect(roomFor(deckOf(), cards)).toBe(5)
  })

  test('are as many as find room by their size: one more would be too much', () => {
    for (let chars = 170; chars < 180; chars++) {
      const prompt = `${'é"\n'.repeat(chars)}.`
      const cards = cardsWithIds({ cards: Array.from({ length: 998 }, () => cardOf('info', { prompt })) }, newId)
      const fits = roomFor(deckOf(card('a')), cards)
      const check = (count: number) => () => checkDeckSize(deckOf(card('a'), ...cards.slice(0, count)))
      expect(fits).toBeLessThan(998)
      expect(check(fits)).not.toThrow()
      expect(check(fits + 1)).toThrow(RuleError)
    }
  })

  test('name the row of the first that was left out', () => {
    const invalid = { row: 6, rule: 'card-invalid', why: '' } as const
    const imported = { cards: [cardOf('info'), cardOf('info'), cardOf('info')], rows: [2, 5, 9], errors: [invalid] }
    expect(errorsOf(imported, 3)).toEqual([invalid])
    expect(errorsOf(imported, 1).map(({ row, rule }) => [row, rule])).toEqual([
      [5, 'deck-full'],
      [6, 'card-invalid'],
    ])
  })
})
