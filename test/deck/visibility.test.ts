import { afterAll, describe, expect, test } from 'bun:test'
import type { DeckList } from '../../shared/deck/schema.ts'
import { useDatabase } from '../kit/mongo.ts'
import { roomServer } from '../rooms/calls.ts'
import { infos, personAt, ruleOf } from './calls.ts'

const { url } = useDatabase(import.meta.path)
const foyer = await roomServer(url)
afterAll(() => foyer[Symbol.asyncDispose]())
const person = () => personAt(foyer.server.url)
const { decks } = foyer.server.foyer

const allOf = async (read: (after: string | undefined) => Promise<DeckList>) => {
  const found: string[] = []
  for (let after: string | null | undefined; after !== null;) {
    const page = await read(after)
    found.push(...page.decks.map(({ id }) => id))
    after = page.next
  }
  return found
}

describe('a deck that is', () => {
  test.each([
    ['private', 'not-found', false],
    ['shared', 'ok', false],
    ['public', 'ok', true],
  ] as const)('%s is read by others: %s, and listed: %p', async (visibility, rule, listed) => {
    const [a, b] = [await person(), await person()]
    const { id: deck } = (await a.client.deck.create.mutate({ title: 'D', cards: infos('a') })).deck
    await a.client.deck.edit.mutate({ deck, visibility })
    expect(await ruleOf(b.client.deck.get.query({ deck }))).toBe(rule)
    expect(await ruleOf(b.client.deck.export.query({ deck }))).toBe(rule)
    expect(await ruleOf(b.client.deck.edit.mutate({ deck, title: 'mine' }))).toBe(rule === 'ok' ? 'forbidden' : rule)
    expect(await ruleOf(b.client.deck.import.mutate({ deck, format: 'tab', text: 'a\tb' }))).toBe(
      rule === 'ok' ? 'forbidden' : rule,
    )
    expect(await ruleOf(b.client.deck.remove.mutate({ deck }))).toBe(rule === 'ok' ? 'forbidden' : rule)
    expect(await ruleOf(a.client.deck.get.query({ deck }))).toBe('ok')
    const browsed = await allOf((after) => b.client.deck.browse.query({ after, limit: 2 }))
    expect(browsed.includes(deck)).toBe(listed)
    expect((await b.client.deck.list.query({})).decks).toEqual([])
    expect(await decks.playable(b.id, deck)).toEqual({ id: deck, owner: a.id, playable: rule === 'ok' })
    expect(await decks.playable(a.id, deck)).toMatchObject({ playable: true })
    await a.client.deck.edit.mutate({ deck, cards: [] })
    expect(await decks.playable(a.id, deck)).toMatchObject({ playable: false })
  })
})

test('lists come page by page, each deck once', async () => {
  const [a, b] = [await person(), await person()]
  const made = await Promise.all(
    Array.from({ length: 7 }, (_, i) =>
      a.client.deck.create.mutate({ title: `D${i}`, visibility: i % 2 ? 'public' : 'private' }),
    ),
  )
  const ids = made.map(({ deck }) => deck.id)
  expect(await allOf((after) => a.client.deck.list.query({ after, limit: 3 }))).toEqual(ids.toSorted())
  const shown = await allOf((after) => b.client.deck.browse.query({ after, limit: 2 }))
  expect(shown.filter((id) => ids.includes(id))).toEqual(ids.filter((_, i) => i % 2).toSorted())
})

test('a service acts for a user, or as itself with an owner`s rights; a user for nobody else', async () => {
  const [a, b, service] = [await person(), await person(), await foyer.service()]
  const { id: deck } = (await service.deck.create.mutate({ as: a.id, title: 'D' })).deck
  expect((await a.client.deck.list.query({})).decks).toMatchObject([{ id: deck, owner: a.id }])
  expect(await ruleOf(service.deck.get.query({ deck, as: b.id }))).toBe('not-found')
  expect(await ruleOf(service.deck.edit.mutate({ deck, title: 'by service' }))).toBe('ok')
  expect(await ruleOf(b.client.deck.get.query({ deck, as: a.id }))).toBe('forbidden')
  expect(await ruleOf(b.client.deck.create.mutate({ as: a.id, title: 'D' }))).toBe('forbidden')
  for (let i = 0; i < 2; i++) expect(await ruleOf(service.deck.remove.mutate({ deck }))).toBe('ok')
})

test('a user changes decks only so fast', async () => {
  await using slow = await roomServer(url, { RATE_PER_USER: '1', RATE_BURST_PER_USER: '3' })
  const { client } = await personAt(slow.server.url)
  const rules: string[] = []
  for (let i = 0; i < 5; i++) rules.push(await ruleOf(client.deck.create.mutate({ title: 'D' })))
  expect(rules.slice(0, 3)).toEqual(['ok', 'ok', 'ok'])
  expect(rules).toContain('rate-limited')
})
