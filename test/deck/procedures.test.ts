import { afterAll, describe, expect, test } from 'bun:test'
import { cardsOf } from '../../server/decks/cards.ts'
import { connect } from '../../client/connect.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { roomServer } from '../rooms/calls.ts'
import { ROOMS_ENV } from '../rooms/streams.ts'
import { commandId, infos, type Person, personAt, ruleOf } from './calls.ts'
import { cardOf, SAMPLES } from './samples.ts'

const { url, db } = useDatabase(import.meta.path)
const foyer = await roomServer(url)
afterAll(() => foyer[Symbol.asyncDispose]())
const elsewhere = await spawnServer({ url, env: ROOMS_ENV })
const person = () => personAt(foyer.server.url)
/** The same user through the other process. */
const otherTab = ({ token }: Person) => connect({ url: elsewhere.url, token })
const { store } = foyer.server.foyer

describe('deck.create', () => {
  test('keeps cards of all types as they were written', async () => {
    const { id, client } = await person()
    const cards = Object.values(SAMPLES).map((card, i) => ({ ...card, options: [], id: `c${i}`, ...card }))
    const title = '<b>$ne</b> "\\ 犬'
    const { deck, replayed } = await client.deck.create.mutate({
      title,
      description: 'a\nb',
      visibility: 'shared',
      cards,
    })
    expect(deck).toMatchObject({ owner: id, title, visibility: 'shared', cards: 9, version: 1 })
    expect(replayed).toBe(false)
    const whole = Object.keys(SAMPLES).map((_, i) => ({ ...cardOf(cards[i]?.type ?? 'info'), id: `c${i}` }))
    const { cards: count, ...head } = deck
    expect(await client.deck.get.query({ deck: deck.id })).toEqual({ ...head, description: 'a\nb', cards: whole })
    expect(await cardsOf(store, deck.id)).toEqual(whole)
    expect([count, await cardsOf(store, 'none')]).toEqual([9, []])
  })

  test('gives cards without an id one that follows from the command, and keeps the others', async () => {
    const { client } = await person()
    const card = { type: 'info', prompt: 'a' } as const
    const again = { id: commandId(), title: 'D', cards: [card, { ...card, id: 'mine' }, card] }
    const made = await client.deck.create.mutate(again)
    expect(await client.deck.create.mutate(again)).toEqual({ ...made, replayed: true })
    const [first = '', third = ''] = made.added
    const { id } = made.deck
    const ids = async () => (await client.deck.get.query({ deck: id })).cards.map((one) => one.id)
    expect([made.added.length, await ids()]).toEqual([2, [first, 'mine', third]])
    const edited = await client.deck.edit.mutate({ deck: id, cards: [card, { ...card, id: third }] })
    expect(await ids()).toEqual([edited.added[0] ?? '', third])
    const twice = [{ ...card, id: 'x' }, card, { ...card, id: 'x' }]
    expect(await ruleOf(client.deck.create.mutate({ title: 'D', cards: twice }))).toBe('bad-request')
  })

  test('makes one deck of a command, however often and wherever it is sent', async () => {
    const a = await person()
    const again = { id: commandId(), title: 'once', cards: infos('a') }
    const tabs = [a.client, otherTab(a)]
    const replies = await Promise.all([...tabs, ...tabs, ...tabs].map((tab) => tab.deck.create.mutate(again)))
    expect(new Set(replies.map(({ deck }) => deck.id)).size).toBe(1)
    expect(replies.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect((await a.client.deck.list.query({})).decks).toHaveLength(1)
    expect(await ruleOf(a.client.deck.create.mutate({ ...again, title: 'other' }))).toBe('idempotency-mismatch')
    const other = await (await person()).client.deck.create.mutate(again)
    expect([other.replayed, other.deck.id === replies[0]?.deck.id]).toEqual([false, false])
    expect(await ruleOf(a.client.deck.create.mutate({ ...again, id: commandId(Date.now() - 30 * 86_400_000) }))).toBe(
      'stale-command',
    )
  })

  test('takes the largest deck that there may be, written by its owner piece by piece', async () => {
    const { client } = await person()
    const { deck } = await client.deck.create.mutate({ title: 'large' })
    const long = (n: number) =>
      Array.from({ length: 22 }, (_, i) => ({
        op: 'put' as const,
        card: cardOf('info', { prompt: `${n} ${i} ${'x'.repeat(1_980)}` }),
      }))
    let full = ''
    for (let n = 0; full === ''; n++)
      full = (await ruleOf(client.deck.edit.mutate({ deck: deck.id, operations: long(n) }))).replace('ok', '')
    expect(full).toBe('deck-full')
    expect(JSON.stringify(await client.deck.get.query({ deck: deck.id })).length).toBeGreaterThan(950_000)
  })
})

describe('deck.edit', () => {
  const madeBy = async ({ client }: Awaited<ReturnType<typeof person>>) =>
    (await client.deck.create.mutate({ title: 'D', cards: infos('a', 'b', 'c') })).deck

  test('changes cards by operations, all or none', async () => {
    const a = await person()
    const { id: deck } = await madeBy(a)
    const put = { op: 'put', card: cardOf('poll') } as const
    const done = await a.client.deck.edit.mutate({
      deck,
      ifVersion: 1,
      operations: [put, { op: 'remove', id: 'b' }, { op: 'move', id: 'c', to: 0 }],
    })
    expect(done).toMatchObject({ deck: { version: 2, cards: 3 }, added: [expect.stringMatching(/^[\w-]{22}$/)] })
    expect((await a.client.deck.get.query({ deck })).cards.map(({ id }) => id)).toEqual(['c', 'a', ...done.added])
    const wrong = a.client.deck.edit.mutate({ deck, title: 'X', operations: [put, { op: 'move', id: 'gone', to: 0 }] })
    expect(await ruleOf(wrong)).toBe('path-missing')
    expect(await a.client.deck.get.query({ deck })).toMatchObject({ title: 'D', version: 2 })
  })

  test('is done once under one command, and answered as the first time', async () => {
    const a = await person()
    const { id: deck } = await madeBy(a)
    const again = { deck, id: commandId(), ifVersion: 1, operations: [{ op: 'put', card: cardOf('poll') }] as const }
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => a.client.deck.edit.mutate({ ...again, operations: [...again.operations] })),
    )
    await a.client.deck.edit.mutate({ deck, title: 'later' })
    replies.push(await a.client.deck.edit.mutate({ ...again, operations: [...again.operations] }))
    expect(replies.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(new Set(replies.map(({ added }) => added.join())).size).toBe(1)
    expect(await a.client.deck.get.query({ deck })).toMatchObject({ title: 'later', version: 3, cards: { length: 4 } })
    expect(await ruleOf(a.client.deck.edit.mutate({ deck, id: again.id, title: 'x' }))).toBe('idempotency-mismatch')
  })

  test('of two editors of one version, in two processes, one wins and the other hears version-conflict', async () => {
    const a = await person()
    const tabs = [a.client, otherTab(a)]
    for (let round = 0; round < 15; round++) {
      const { id: deck } = await madeBy(a)
      const edits = tabs.map((tab, n) => ruleOf(tab.deck.edit.mutate({ deck, ifVersion: 1, title: `tab ${n}` })))
      const rules = await Promise.all(edits)
      expect(rules.toSorted()).toEqual(['ok', 'version-conflict'])
      const winner = `tab ${rules.indexOf('ok')}`
      expect(await a.client.deck.get.query({ deck })).toMatchObject({ version: 2, title: winner })
    }
  })

  test('without a version, of many at once, loses none', async () => {
    const a = await person()
    const { id: deck } = await madeBy(a)
    const put = (n: number) => {
      const tab = n % 2 === 0 ? a.client : otherTab(a)
      return tab.deck.edit.mutate({ deck, operations: [{ op: 'put', card: cardOf('info', { prompt: `p${n}` }) }] })
    }
    await Promise.all(Array.from({ length: 20 }, (_, n) => put(n)))
    const { cards, version } = await a.client.deck.get.query({ deck })
    expect([cards.length, version]).toEqual([23, 21])
  })
})

describe('deck.remove', () => {
  test('takes a deck away for good; a repeat finds it removed, and a late create makes it no second time', async () => {
    const [a, b] = [await person(), await person()]
    const create = { id: commandId(), title: 'D', visibility: 'public', cards: infos('a') } as const
    const { id: deck } = (await a.client.deck.create.mutate(create)).deck
    expect(await ruleOf(b.client.deck.remove.mutate({ deck }))).toBe('forbidden')
    for (let i = 0; i < 2; i++) expect(await a.client.deck.remove.mutate({ deck })).toEqual({ removed: true })
    expect(await ruleOf(a.client.deck.create.mutate(create))).toBe('not-found')
    expect(await ruleOf(a.client.deck.edit.mutate({ deck, title: 'x' }))).toBe('not-found')
    expect(await ruleOf(b.client.deck.remove.mutate({ deck }))).toBe('not-found')
    expect((await a.client.deck.list.query({})).decks).toEqual([])
    expect((await b.client.deck.browse.query({})).decks.filter(({ id }) => id === deck)).toEqual([])
    expect(await foyer.server.foyer.decks.playable(a.id, deck)).toBeNull()
    expect(await cardsOf(store, deck)).toEqual([])
    expect(await db.collection('decks').findOne({ title: '', purgeAt: { $gt: new Date() } })).not.toBeNull()
  })
})
