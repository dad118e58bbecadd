import { afterAll, describe, expect, test } from 'bun:test'
import { readBytes } from '../../server/body.ts'
import { LIMITS } from '../../shared/limits.ts'
import { useDatabase } from '../kit/mongo.ts'
import { until } from '../kit/until.ts'
import { roomServer } from '../rooms/calls.ts'
import { commandId, type Person, personAt } from './calls.ts'
import { packageOf } from './packages.ts'

const { url } = useDatabase(import.meta.path)
const foyer = await roomServer(url)
afterAll(() => foyer[Symbol.asyncDispose]())
const person = () => personAt(foyer.server.url)

type Body = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
const upload = async (who: Person | null, query: Record<string, string>, body: Body) => {
  const headers: Record<string, string> = who === null ? {} : { authorization: `Bearer ${who.token}` }
  const target = `${foyer.server.url}/decks/import?${new URLSearchParams(query)}`
  const response = await fetch(target, { method: 'POST', headers, body })
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    body: await response.json(),
  }
}
const bytesOf = (file: Uint8Array) => new Uint8Array(file)
/** A body without Content-Length. */
const chunked = (bytes: number) => {
  let left = bytes
  return new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const size = Math.min(left, 100_000)
      left -= size
      if (size > 0) controller.enqueue(new Uint8Array(size))
      else controller.close()
    },
  })
}
const APKG = { format: 'apkg', title: 'From Anki' }
const NOTES = { notes: [{ fields: ['Hund', 'dog'] }, { fields: ['', 'x'] }, { fields: ['Katze', 'cat'] }] }

test('a body is read to its limit and no further, though nothing says how long it is', async () => {
  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += 1_000
      controller.enqueue(new Uint8Array(1_000))
    },
  })
  const request = new Request(foyer.server.url, { method: 'POST', body: endless })
  expect(await readBytes(request, 50_000).catch((error: unknown) => error)).toMatchObject({ rule: 'too-large' })
  expect(sent).toBeLessThan(60_000)
})

describe('POST /decks/import', () => {
  test.each(['anki2', 'anki21', 'anki21b'] as const)(
    'makes a deck of an Anki package with collection.%s',
    async (age) => {
      const a = await person()
      const { status, body } = await upload(a, APKG, bytesOf(packageOf[age](NOTES)))
      expect(status).toBe(201)
      expect(body).toMatchObject({
        deck: { title: 'From Anki', cards: 2, owner: a.id },
        errors: [{ row: 2, rule: 'card-invalid' }],
      })
      const { cards } = await a.client.deck.get.query({ deck: body.deck.id })
      expect(cards).toMatchObject([{ prompt: 'Hund', back: 'dog' }, { prompt: 'Katze' }])
    },
  )

  test('takes a text far over the limit of other calls, up to a full deck', async () => {
    const a = await person()
    const row = `"${'é'.repeat(480)}",b\n`
    const { status, body } = await upload(a, { format: 'table', title: 'large' }, `prompt,answer\n${row.repeat(1_000)}`)
    expect([status, body.deck.cards, body.errors.length]).toEqual([201, body.added.length, 1])
    expect(body.errors).toMatchObject([{ row: body.added.length + 2, rule: 'deck-full' }])
    expect(JSON.stringify(await a.client.deck.get.query({ deck: body.deck.id })).length).toBeGreaterThan(500_000)
  })

  test('reads UTF-16 as spreadsheets save it', async () => {
    const a = await person()
    const text = Buffer.from('\ufefffront\tback\r\n犬\tdog\r\n', 'utf16le')
    const { body } = await upload(a, { format: 'table', title: 'D' }, bytesOf(text))
    expect((await a.client.deck.get.query({ deck: body.deck.id })).cards).toMatchObject([{ prompt: '犬', back: 'dog' }])
  })

  test('adds to a deck, once under one command', async () => {
    const a = await person()
    const { id: deck } = (await a.client.deck.create.mutate({ title: 'D' })).deck
    const query = { format: 'apkg', deck, id: commandId(), become: 'typed' }
    for (const replayed of [false, true])
      expect(await upload(a, query, bytesOf(packageOf.anki21b(NOTES)))).toMatchObject({
        status: 200,
        body: { replayed, added: { length: 2 } },
      })
    expect((await a.client.deck.get.query({ deck })).cards.map(({ type }) => type)).toEqual(['typed', 'typed'])
    const other = await upload(a, query, bytesOf(packageOf.anki2(NOTES)))
    expect(other).toMatchObject({ status: 422, body: { rule: 'idempotency-mismatch' } })
  })

  test.each([
    ['unauthorized', 401, APKG, 'x'],
    ['deck-unreadable', 422, APKG, 'x'],
    ['deck-unreadable', 422, APKG, ''],
    ['deck-unreadable', 422, { format: 'json' }, '['.repeat(1_000_000)],
    ['too-large', 413, { format: 'tab', title: 'D' }, 'x'.repeat(LIMITS.deck.importChars + 1)],
    ['bad-request', 400, { format: 'tab' }, 'a\tb'],
    ['bad-request', 400, { format: 'exe', title: 'D' }, 'x'],
    ['bad-request', 400, { ...APKG, deck: '../x' }, 'x'],
    ['bad-request', 400, { ...APKG, title: 'a\nb' }, 'x'],
    ['not-found', 404, { format: 'tab', deck: 'D'.repeat(22) }, 'a\tb'],
    ['forbidden', 403, { ...APKG, as: 'somebody' }, 'x'],
    ['stale-command', 400, { ...APKG, id: commandId(1) }, 'x'],
  ] as const)('answers %s (%d) as problem+json', async (rule, status, query, body) => {
    const reply = await upload(rule === 'unauthorized' ? null : await person(), query, body)
    expect(reply).toMatchObject({
      status,
      type: 'application/problem+json',
      body: { rule, status, type: `urn:foyer:rule:${rule}` },
    })
  })

  test('takes no more than its limit, with and without Content-Length, and not before it knows who sends', async () => {
    const a = await person()
    const most = LIMITS.deck.package.bytes
    for (const body of [new Uint8Array(most + 1), chunked(most + 100_000)])
      expect(await upload(a, APKG, body)).toMatchObject({ status: 413, body: { rule: 'too-large' } })
    expect(await upload(a, APKG, new Uint8Array(most))).toMatchObject({
      status: 422,
      body: { rule: 'deck-unreadable' },
    })
    expect(await upload(null, APKG, new Uint8Array(most))).toMatchObject({ status: 401 })
    const text = { format: 'tab', title: 'D' }
    expect(await upload(a, text, chunked(3 * LIMITS.deck.importChars + 1))).toMatchObject({ status: 413 })
    expect((await a.client.deck.list.query({})).decks).toEqual([])
  })

  test('takes one file of a user at a time', async () => {
    const [a, b] = [await person(), await person()]
    const gate = Promise.withResolvers<void>()
    const slow = new ReadableStream<Uint8Array>({
      start: async (controller) => {
        controller.enqueue(Buffer.from('a\tb\n'))
        await gate.promise
        controller.close()
      },
    })
    const query = { format: 'tab', title: 'D' }
    const first = upload(a, query, slow)
    await until(async () => (await upload(a, query, 'a\tb')).status === 429, { what: 'a refusal of the second' })
    const refused = await upload(a, query, 'a\tb')
    expect([refused.body.rule, refused.headers.get('retry-after')]).toEqual(['rate-limited', '1'])
    expect((await upload(b, query, 'a\tb')).status).toBe(201)
    gate.resolve()
    expect((await first).status).toBe(201)
    expect((await upload(a, query, 'a\tb')).status).toBe(201)
  })
})
