import { afterAll, describe, expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import { useDatabase } from '../kit/mongo.ts'
import { roomServer } from '../rooms/calls.ts'
import { commandId, infos, personAt, ruleOf } from './calls.ts'
import { Random, randomCard } from './random-cards.ts'

const { url } = useDatabase(import.meta.path)
const foyer = await roomServer(url)
afterAll(() => foyer[Symbol.asyncDispose]())
const person = () => personAt(foyer.server.url)

const TABLE = 'prompt,options,answer\nHund?,dog|cat,1\nKatze?,dog|cat,9\nVogel,,bird'

describe('deck.import', () => {
  test('makes a deck of all rows that are valid, and names the others', async () => {
    const { client } = await person()
    const report = await client.deck.import.mutate({
      format: 'table',
      text: TABLE,
      title: 'Animals',
      visibility: 'shared',
    })
    expect(report).toMatchObject({
      deck: { title: 'Animals', cards: 2, version: 1, visibility: 'shared' },
      errors: [{ row: 3, rule: 'card-invalid', why: 'key: is no position of an option' }],
      replayed: false,
    })
    const { cards } = await client.deck.get.query({ deck: report.deck?.id ?? '' })
    expect(cards).toMatchObject([
      { type: 'single', prompt: 'Hund?', key: 0 },
      { type: 'flash-card', prompt: 'Vogel', back: 'bird' },
    ])
    expect(cards.map(({ id }) => id)).toEqual([...report.added])
  })

  test('reads each of its formats', async () => {
    const { client } = await person()
    for (const [format, text] of [
      ['tab', 'Hund\tdog'],
      ['anki', '#separator:Semicolon\n#html:true\nHund;<b>dog</b>'],
      ['table', 'front;back\nHund;dog'],
    ] as const) {
      const { deck } = await client.deck.import.mutate({ format, text, title: 'D', become: 'typed' })
      const { cards } = await client.deck.get.query({ deck: deck?.id ?? '' })
      expect(cards).toMatchObject([{ type: 'typed', prompt: 'Hund', accepted: ['dog'] }])
    }
  })

  test('adds to a deck once under one command, however often it is sent', async () => {
    const { client } = await person()
    const { id: deck } = (await client.deck.create.mutate({ title: 'D', cards: infos('a') })).deck
    const again = { id: commandId(), deck, format: 'table', text: TABLE } as const
    const replies = await Promise.all(Array.from({ length: 4 }, () => client.deck.import.mutate(again)))
    await client.deck.edit.mutate({ deck, operations: [{ op: 'remove', id: 'a' }] })
    replies.push(await client.deck.import.mutate(again))
    expect(replies.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(new Set(replies.map(({ added, errors }) => JSON.stringify([added, errors]))).size).toBe(1)
    expect(await client.deck.get.query({ deck })).toMatchObject({ version: 3, cards: { length: 2 } })
    expect(await ruleOf(client.deck.import.mutate({ ...again, text: 'prompt\nx' }))).toBe('idempotency-mismatch')
    await client.deck.import.mutate({ ...again, id: commandId() })
    expect((await client.deck.get.query({ deck })).cards).toHaveLength(4)
  })

  test('fills a deck up, and says from which row on nothing found room; a repeat says the same', async () => {
    const { client } = await person()
    const text = `type,prompt\n${'info,p\n'.repeat(LIMITS.deck.cards - 3)}`
    const { deck } = await client.deck.import.mutate({ format: 'table', text, title: 'D', id: commandId() })
    const more = { id: commandId(), deck: deck?.id, format: 'tab', text: 'a\tb\n?\nc\td\ne\tf\ng\th\ni\tj' } as const
    for (const replayed of [false, true]) {
      const report = await client.deck.import.mutate(more)
      expect(report).toMatchObject({ deck: { cards: LIMITS.deck.cards }, added: { length: 3 }, replayed })
      expect(report.errors.map(({ row, rule }) => [row, rule])).toEqual([
        [2, 'row-unreadable'],
        [5, 'deck-full'],
      ])
    }
    const full = await client.deck.import.mutate({ ...more, id: commandId() })
    expect(full).toMatchObject({ added: [], deck: { version: 2 }, errors: [{ row: 1, rule: 'deck-full' }, { row: 2 }] })
  })

  test('makes no deck of nothing, and changes none', async () => {
    const { client } = await person()
    const report = await client.deck.import.mutate({ format: 'tab', text: 'no tab', title: 'D' })
    expect(report).toMatchObject({ deck: null, added: [], errors: [{ row: 1 }] })
    const { id: deck } = (await client.deck.create.mutate({ title: 'D' })).deck
    expect(await client.deck.import.mutate({ format: 'tab', text: '', deck })).toMatchObject({ deck: { version: 1 } })
    expect((await client.deck.list.query({})).decks).toHaveLength(1)
  })

  test('says what is wrong with the whole of it', async () => {
    const { client } = await person()
    expect(await ruleOf(client.deck.import.mutate({ format: 'tab', text: 'a\tb' }))).toBe('bad-request')
    expect(await ruleOf(client.deck.import.mutate({ format: 'json', text: '{}' }))).toBe('deck-unreadable')
    const huge = { format: 'tab', text: 'x'.repeat(LIMITS.bodyBytes), title: 'D' } as const
    expect(await ruleOf(client.deck.import.mutate(huge))).toBe('too-large')
    expect(await ruleOf(client.deck.import.mutate({ format: 'tab', text: 'a\tb', deck: 'D'.repeat(22) }))).toBe(
      'not-found',
    )
  })
})

describe('an exported deck', () => {
  test.each(['json', 'csv'] as const)('is imported from %s as it was, under new ids', async (format) => {
    const [a, b] = [await person(), await person()]
    const random = new Random(17)
    const cards = Array.from({ length: 12 }, (_, i) => ({ ...randomCard(random), id: `c${i}` }))
    const given = { title: '=1+1', description: 'two\nlines', visibility: 'shared' } as const
    const { id } = (await a.client.deck.create.mutate({ ...given, cards })).deck
    const { text, mediaType } = await b.client.deck.export.query({ deck: id, format })
    expect(mediaType).toStartWith(format === 'json' ? 'application/json' : 'text/csv')
    const own = format === 'json' ? { format } : { format: 'table' as const, title: given.title }
    const { deck, errors } = await b.client.deck.import.mutate({ ...own, text })
    const [was, is] = [
      await a.client.deck.get.query({ deck: id }),
      await b.client.deck.get.query({ deck: deck?.id ?? '' }),
    ]
    const bodies = (view: typeof was) => view.cards.map(({ id: _, ...card }) => card)
    expect([bodies(is), errors]).toEqual([bodies(was), []])
    expect(is).toMatchObject({
      title: was.title,
      visibility: 'private',
      description: format === 'json' ? was.description : '',
    })
  })
})
