import { afterAll, expect, test } from 'bun:test'
import { BASES, complaint, PROCEDURES } from '../server/fuzz-targets.ts'
import { bodyOf, seeded } from '../server/fuzz-inputs.ts'
import { connect } from '../../client/connect.ts'
import { datedUuid } from '../../server/uuid.ts'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, deckFor, person, quickly, ruleOf } from '../kit/quiz.ts'
import { tokenOf } from '../kit/tokens.ts'
import { singles } from '../quiz/cards.ts'
import { roomServer } from '../rooms/calls.ts'
import { asks, conductorOf } from './conductor.ts'
import { rounds, times } from './places.ts'

const { url, db } = useDatabase(import.meta.path)
const { server, service, ...rest } = await roomServer(url)
afterAll(() => rest[Symbol.asyncDispose]())

/** Two friends in a group room whose quiz asks a question, in an evanescent and in a hosted one. */
async function rooms() {
  const [ann, bob] = [await person(server.url, 'ann'), await person(server.url, 'bob')]
  await befriend(ann, bob)
  const deck = await deckFor(db, ann.id, { cards: singles(3), visibility: 'public' })
  const payload = quickly(deck, { questionMs: 600_000 })
  const { room: group } = await ann.client.quiz.group.mutate({ others: [bob.id], text: 'hello' })
  const { result } = await ann.client.quiz.spawn.mutate({ room: group, payload })
  await ann.client.quiz.start.mutate({ room: group, payload })
  const { room: hosted } = await ann.client.quiz.host.mutate({ payload })
  await bob.client.quiz.join.mutate({ room: hosted })
  const conductor = conductorOf(server.foyer, group)
  await conductor.start()
  await conductor.play('a question', asks(0))
  return { ann, bob, deck, group, child: result.child, hosted }
}

test('a service acts for a user whom it names, with that user’s rights; a user for nobody else', async () => {
  const { ann, bob, group } = await rooms()
  const backend = await service()
  const stranger = await person(server.url, 'stranger')
  await backend.quiz.message.mutate({ room: group, text: 'from bob', as: bob.id })
  expect((await ann.client.quiz.get.query({ room: group })).messages.at(-1)).toMatchObject({ by: bob.id })
  expect(await backend.quiz.get.query({ room: group, as: bob.id })).toMatchObject({ room: group, role: 'host' })
  for (const as of [undefined, stranger.id])
    expect(await ruleOf(backend.quiz.message.mutate({ room: group, text: 'who?', as }))).toBe('not-occupant')
  expect(await ruleOf(stranger.client.quiz.message.mutate({ room: group, text: 'x', as: bob.id }))).toBe('forbidden')
  const nobody = connect({ url: server.url })
  expect(await ruleOf(nobody.quiz.get.query({ room: group }))).toBe('unauthorized')
})

test('an id of another time is refused, and one that was used for another command', async () => {
  const { ann, group } = await rooms()
  const say = (id: string, text: string) => ann.client.quiz.message.mutate({ room: group, id, text })
  for (const at of [0, Date.now() - 25 * 3_600_000, Date.now() + 2 * 3_600_000])
    expect(await ruleOf(say(datedUuid(new Date(at)), 'hello'))).toBe('stale-command')
  const id = Bun.randomUUIDv7()
  const first = await say(id, 'hello')
  expect(await say(id, 'hello')).toMatchObject({ version: first.version, replayed: true })
  expect(await ruleOf(say(id, 'another'))).toBe('idempotency-mismatch')
})

test('bad input is refused by a rule and never a 500, in rooms that there are', async () => {
  const { ann, bob, deck, ...known } = await rooms()
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)
  const random = seeded(seed)
  const bearers = [await tokenOf(ann.id), await tokenOf(bob.id), await tokenOf('backend', { role: 'service' })] as const
  const ids = Object.values(known)
  const procedures = PROCEDURES.filter(({ path }) => /^(quiz|link)\./.test(path))
  const wrong: unknown[] = []
  const heard = new Set<number>()
  const one = async () => {
    const { path, type } = procedures[random.below(procedures.length)] ?? { path: '', type: '' }
    const text = JSON.stringify(BASES[path] ?? null)
      .replaceAll('00000000-0000-8000-8000-000000000000', ids[random.below(ids.length)] ?? '')
      .replaceAll('"deck":"deck"', JSON.stringify({ deck }).slice(1, -1))
      .replaceAll('"friend"', JSON.stringify(bob.id))
      .replaceAll('019f0000-0000-7000-8000-000000000000', Bun.randomUUIDv7())
    const body = bodyOf(JSON.parse(text), random, { superjson: true })
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${random.pick(bearers)}` }
    const isQuery = type === 'query' && typeof body === 'string' && body.length < 4_000
    const input = isQuery ? `?input=${encodeURIComponent(String(body).toWellFormed())}` : ''
    const init = isQuery ? { headers } : { method: 'POST', headers, body }
    const reply = await fetch(`${server.url}/trpc/${path}${input}`, init)
    const said = await reply.text()
    heard.add(reply.status)
    const complains = complaint(reply.status, said)
    if (complains !== null) wrong.push({ complains, path, body: String(body).slice(0, 500), said: said.slice(0, 300) })
  }
  await Promise.all(
    times(16).map(async () => {
      for (const _ of times(rounds(100, 1_500))) await one()
    }),
  )
  expect({ seed, wrong: wrong.slice(0, 5) }).toEqual({ seed, wrong: [] })
  expect({ seed, faults: server.logs.filter((line) => JSON.parse(line).level >= 40) }).toEqual({ seed, faults: [] })
  for (const status of [200, 400, 403, 409]) expect(heard).toContain(status)
}, 120_000)
