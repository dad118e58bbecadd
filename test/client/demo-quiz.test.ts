import { describe, expect, test } from 'bun:test'
import { cardSchema } from '../../shared/deck/cards.ts'
import { cardOf, draftOf, EMPTY } from '../../client/demo/quiz/deck/draft.ts'
import { SAMPLE } from '../../client/demo/quiz/deck/sample.ts'
import { formatOf } from '../../client/demo/quiz/deck/upload.ts'
import { othersIn, roomTitle } from '../../client/demo/quiz/home/room-words.ts'
import { agoInWords } from '../../client/demo/quiz/parts/ago.tsx'
import { nameOf } from '../../client/demo/quiz/people.ts'
import { pathTo, type Place, placeIn, placeOf } from '../../client/demo/quiz/place.ts'
import type { QuizListed } from '../../shared/quiz/wire.ts'

const ROOM = '0192f0c4-7d3a-4c11-9d7e-2b5c8f1a0e42'
const OTHER = '0192f0c4-7d3a-4c11-9d7e-2b5c8f1a0e43'
const ID = 'a'.repeat(22)

describe('the form of a card', () => {
  const cards = SAMPLE.cards.map((card) => cardSchema.parse(card))

  test('gives back the card that it was made from, of each kind', () => {
    expect(new Set(cards.map(({ type }) => type)).size).toBe(9)
    for (const { id, ...body } of cards) expect(cardOf(draftOf({ id, ...body }))).toEqual(body)
  })

  test('keeps which options are right when empty lines before them are left out', () => {
    const lines = ['', 'a', ' ', 'b'].map((text, id) => ({ id, text, isRight: text === 'b' }))
    const draft = { ...EMPTY, prompt: 'Which?', lines }
    expect(cardOf(draft)).toMatchObject({ options: ['a', 'b'], key: 1 })
    expect(cardOf({ ...draft, type: 'multiple' })).toMatchObject({ options: ['a', 'b'], key: [1] })
  })

  test('says in words what is not right yet', () => {
    expect(cardOf({ ...EMPTY, prompt: 'Which?' })).toContain('The options need at least two.')
    expect(cardOf({ ...EMPTY, type: 'typed', prompt: 'What?' })).toEqual(['The accepted answers need at least one.'])
    const slider = { ...EMPTY, type: 'slider', prompt: 'How many?' } as const
    expect(cardOf({ ...slider, key: 'many' })).toEqual(['The right answer is missing, or is no number.'])
    expect(cardOf({ ...slider, key: '500' })).toEqual(['The right answer is not on the slider.'])
    expect(cardOf({ ...slider, key: '2,5' })).toMatchObject({ key: 2.5 })
    expect(cardOf({ ...EMPTY, type: 'info', prompt: 'x', seconds: '0.2' })).toEqual([
      'The time is missing or too small.',
    ])
  })
})

describe('an address of the quiz rooms', () => {
  const at = (path: string) => placeIn(new URL(path, 'https://example.org'))
  const places: readonly Place[] = [
    { at: 'home' },
    { at: 'deck', deck: ID },
    { at: 'room', room: ROOM },
    { at: 'room', room: ROOM, from: OTHER },
    { at: 'link', link: ID, by: null },
    { at: 'link', link: ID, by: 'Ada & Bob #1' },
  ]

  test('leads to the place that it was made for', () => {
    for (const place of places) expect(at(pathTo(place))).toEqual(place)
    expect(at(`/quiz?link=${ID}&by=Ada`)).toEqual({ at: 'link', link: ID, by: 'Ada' })
    expect(placeOf({ room: ROOM, from: OTHER })).toEqual({ at: 'room', room: ROOM, from: OTHER })
  })

  test('of nothing leads to the start', () => {
    for (const path of ['/quiz#room=1', '/quiz#deck=', '/quiz#link=short', '/quiz#nothing'])
      expect(at(path).at).toBe('home')
  })
})

test('a guest is called by their name, anybody else by their id', () => {
  expect(nameOf('Ada L.-0123abcd')).toBe('Ada L.')
  expect(nameOf('alice@example.org')).toBe('alice@example.org')
})

test('a room is called by who else is in it, or by its deck', () => {
  const reader = {
    me: 'a',
    nameOf: (user: string) => user.toUpperCase(),
    deckTitle: (deck: string) => (deck === ID ? 'Cats' : null),
  }
  const room = (part: Partial<QuizListed>): QuizListed => ({
    ...{
      room: ROOM,
      kind: 'GroupPerpetual',
      at: 0,
      deck: null,
      owner: null,
      occupants: ['a'],
      last: null,
      conductor: false,
    },
    ...part,
  })
  expect(roomTitle(room({}), reader)).toBe('Just you')
  expect(roomTitle(room({ occupants: ['a', 'b', 'c'] }), reader)).toBe('B and C')
  expect(othersIn(['b', 'c', 'a', 'd', 'e', 'f'], reader)).toBe('B, C, D, and 2 more')
  expect(roomTitle(room({ kind: 'HostedPerpetual', deck: ID }), reader)).toBe('Cats')
  expect(roomTitle(room({ kind: 'GroupEvanescent', deck: ID, occupants: ['a', 'b'] }), reader)).toBe('A quiz with B')
})

test('the time that has passed, and what a file is, are guessed as people would', () => {
  expect([0, 59_999, 60_000, 7_200_000, 172_800_000].map(agoInWords)).toEqual([
    'just now',
    'just now',
    '1 minute ago',
    '2 hours ago',
    '2 days ago',
  ])
  expect(['a.CSV', 'b.tsv', 'c.txt', 'd.apkg', 'e.json', 'f'].map(formatOf)).toEqual([
    'table',
    'table',
    'tab',
    'apkg',
    'json',
    'table',
  ])
})
