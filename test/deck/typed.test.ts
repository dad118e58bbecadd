import { describe, expect, test } from 'bun:test'
import { grade } from '../../shared/deck/grade.ts'
import { editsAllowed } from '../../shared/deck/typed.ts'
import { LIMITS } from '../../shared/limits.ts'
import { cardOf } from './samples.ts'

const shareOf = (accepted: string, text: string, parts: object = {}) =>
  grade(cardOf('typed', { accepted: [accepted], ...parts }), { type: 'typed', text }).share
const EXACT = { spelling: 'exact' }

describe('without any slip, it is the same answer as', () => {
  test.each([
    // Case
    ['Tallinn', 'tALLINN'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'strasse'],
    ['İstanbul', 'istanbul'],
    ['İSTANBUL', 'Istanbul'],
    ['Isparta', 'ısparta'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['Οδυσσεύς', 'οδυσσεύσ'],
    ['МОСКВА', 'москва'],
    // Compatibility forms
    ['Tokyo', 'Ｔｏｋｙｏ'],
    ['ガ', 'ｶﾞ'],
    ['office', 'oﬃce'],
    ['Foyer™', 'foyertm'],
    ['x²', 'x2'],
    ['½', '1/2'],
    ['e\u0301te\u0301', 'été'],
    ['서울', '\u1109\u1165\u110b\u116e\u11af'],
    // Spaces
    ['New York', '  new \u00a0 york\t'],
    ['new\u200byork', 'newyork'],
    ['co\u00adoperate', 'cooperate'],
    ['東京 タワー', '東京タワー'],
    // Punctuation
    ['U.S.A.', 'usa'],
    ["don't", 'don’t'],
    ["don't", 'dont'],
    ['Jean-Paul Sartre', 'jean paul sartre'],
    ['Jean–Paul Sartre', 'Jean‑Paul Sartre'],
    ['Paris, France', 'paris france'],
    ['Paris,France', 'paris france'],
    ['¿Qué?', 'qué'],
    ['«Oui»', 'oui!'],
    ['レオナルド・ダ・ヴィンチ', 'レオナルドダヴィンチ'],
    ['Carpe diem…', 'carpe diem'],
    ['צה״ל', 'צהל'],
    ['?!', ' ?! '],
  ])('%p: %p', (accepted, given) => {
    expect([shareOf(accepted, given, EXACT), shareOf(given, accepted, EXACT)]).toEqual([1, 1])
    expect(shareOf(accepted, given, { ...EXACT, diacritics: 'keep' })).toBe(1)
  })
})

describe('if diacritics are ignored, and only then, it is the same answer as', () => {
  test.each([
    ['café', 'cafe'],
    ['Ångström', 'angstrom'],
    ['ёлка', 'елка'],
    ['Ёж', 'еж'],
    ['Київ', 'київ'.normalize('NFD').replace(/\p{M}/gu, '')],
    ['Ελλάδα', 'Ελλαδα'],
    ['שָׁלוֹם', 'שלום'],
    ['בְּרֵאשִׁית', 'בראשית'],
    ['مُحَمَّد', 'محمد'],
    ['هٰذا', 'هذا'],
    ['أحمد', 'احمد'],
    ['Łódź', 'lodz'],
    ['Smørrebrød', 'smorrebrod'],
    ['Œuvre', 'oeuvre'],
    ['Việt Nam', 'viet nam'],
  ])('%p: %p', (accepted, given) => {
    expect([shareOf(accepted, given, EXACT), shareOf(given, accepted, EXACT)]).toEqual([1, 1])
    expect(shareOf(accepted, given, { ...EXACT, diacritics: 'keep' })).toBe(0)
  })
})

describe('another letter is another answer, even if diacritics are ignored:', () => {
  test.each([
    ['ば', 'は'],
    ['ぱ', 'ば'],
    ['ガス', 'カス'],
    ['की', 'कु'],
    ['कि', 'क'],
    ['กา', 'กี'],
    ['ตัว', 'ตว'],
    ['서울', '소울'],
    ['mother', 'mothers'],
    ['C++', 'C'],
    ['C#', 'C'],
    ['AC/DC', 'ACDC'],
    ['R&B', 'RB'],
    ['50%', '50'],
    ['?', '!'],
  ])('%p is not %p', (accepted, given) => {
    expect([shareOf(accepted, given, EXACT), shareOf(given, accepted, EXACT)]).toEqual([0, 0])
  })
})

test('what is invisible alone is no answer, not even to itself', () => {
  expect(shareOf('\u200b', '\u200b')).toBe(0)
  expect(shareOf('Tallinn', '')).toBe(0)
})

test('the text that was taken, and how far it was away, is told', () => {
  const card = cardOf('typed', { accepted: ['Revel', 'Tallinn', 'Reval'] })
  const match = (text: string) => grade(card, { type: 'typed', text })
  expect(match('REVAL')).toEqual({ share: 1, match: { accepted: 'Reval', edits: 0 } })
  expect(match('Talinn')).toEqual({ share: 1, match: { accepted: 'Tallinn', edits: 1 } })
  expect(match('Revol')).toEqual({ share: 1, match: { accepted: 'Revel', edits: 1 } })
  expect(match('Riga')).toEqual({ share: 0 })
})

test('an answer that is accepted afterwards is right when it is graded again', () => {
  const card = cardOf('typed')
  const answer = { type: 'typed', text: 'Lindanise' } as const
  expect(grade(card, answer).share).toBe(0)
  expect(grade({ ...card, accepted: [...card.accepted, 'Lindanise'] }, answer).share).toBe(1)
})

test('letters decide how many edits are allowed', () => {
  const allowed = ['', 'abc', 'ab 12345 c', 'abcd', 'abcdefg', 'abcdefgh', 'שלום', 'a1b2c3d4', '東京大学'].map(
    editsAllowed,
  )
  expect(allowed).toEqual([0, 0, 0, 1, 1, 2, 1, 1, 1])
})

test('the longest texts are graded at once', () => {
  const long = 'ab'.repeat(LIMITS.deck.answerChars / 2)
  const accepted = Array.from({ length: LIMITS.deck.accepted }, (_, i) => `${long.slice(3)}${i}x`.slice(0, 200))
  const card = cardOf('typed', { accepted })
  const from = performance.now()
  for (let i = 0; i < 100; i++) expect(grade(card, { type: 'typed', text: long }).share).toBe(0)
  expect(performance.now() - from).toBeLessThan(3_000)
})
