import { afterAll, expect, test } from 'bun:test'
import { createClaims } from '../../server/quiz/claims.ts'
import { createQuizCommands } from '../../server/quiz/commands.ts'
import { createGroups } from '../../server/quiz/groups.ts'
import { createRequests } from '../../server/quiz/requests.ts'
import { createReturning } from '../../server/quiz/returning.ts'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, deckFor, person, quickly } from '../kit/quiz.ts'
import { openFoyer } from '../kit/server.ts'
import { until } from '../kit/until.ts'
import { roomServer } from '../rooms/calls.ts'
import { endsAndDies } from './dying.ts'
import { eventsIn, typesIn } from './places.ts'

const { url, db } = useDatabase(import.meta.path)
const { server, ...rest } = await roomServer(url)
const mortal = await openFoyer({ url })
afterAll(() => Promise.all([rest[Symbol.asyncDispose](), mortal.close()]))
const { foyer } = server
const { quizzes } = foyer
const someone = (name: string) => person(server.url, name)
const claims = createClaims(foyer.store)

/** Something that is held up where it is about to write to a room: once. */
function heldUp<A extends unknown[], R>(write: (...given: A) => Promise<R>) {
  const gate = Promise.withResolvers<void>()
  let calls = 0
  const held = async (...given: A): Promise<R> => {
    if (calls++ === 0) await gate.promise
    return write(...given)
  }
  return { held, isHeld: () => calls > 0, open: gate.resolve }
}

/** ann and bob in a room; cem comes and goes, so that it is theirs, is not, and is again. */
async function fickle() {
  const [ann, bob, cem] = [await someone('ann'), await someone('bob'), await someone('cem')]
  await befriend(ann, bob, cem)
  const { room } = await bob.client.quiz.group.mutate({ others: [ann.id], text: 'hello' })
  const comes = () => bob.client.quiz.invite.mutate({ room, user: cem.id })
  const goes = () => cem.client.quiz.leave.mutate({ room })
  return { ann, bob, cem, room, comes, goes }
}

test('a request that comes late to a room that has refused its repeat goes where the repeat went', async () => {
  const { ann, bob, room, comes, goes } = await fickle()
  const { log: rooms, duties, facts } = quizzes
  const commands = createQuizCommands({ services: foyer, limits: foyer.limits, rooms, duties })
  const { held, isHeld, open } = heldUp(commands.send)
  const groups = createGroups({ quiz: foyer.store.quiz, claims, rooms })
  const slow = createRequests({ services: foyer, rooms, claims, groups, facts, commands: { ...commands, send: held } })
  const id = Bun.randomUUIDv7()
  const wanted = { others: [bob.id], text: 'once', proposal: null }
  const account = { id: ann.id, role: 'user', name: ann.id, expiresAt: null } as const
  const late = slow.group(account, { id, as: undefined, reply: 'result' }, wanted)
  await until(isHeld, { what: 'the request on its way' })
  await comes()
  const repeat = await ann.client.quiz.group.mutate({ id, others: [bob.id], text: 'once' })
  expect(repeat.room).not.toBe(room)
  await goes()
  open()
  expect(await late).toMatchObject({ room: repeat.room, version: repeat.version, replayed: true })
  const said = async (where: string) =>
    (await eventsIn(db, where)).filter((event) => event.type === 'message.published' && event.text === 'once')
  expect([(await said(room)).length, (await said(repeat.room)).length]).toEqual([0, 1])
})

test('a return that comes late to a room that has refused it goes where the others went', async () => {
  const { ann, bob, room: fitting, comes, goes } = await fickle()
  const { room: child } = await ann.client.quiz.solo.mutate({ payload: quickly(await deckFor(db, ann.id)) })
  await ann.client.quiz.invite.mutate({ room: child, user: bob.id })
  await bob.client.quiz.join.mutate({ room: child })
  await endsAndDies(mortal.foyer, child)
  const { log: rooms } = quizzes
  const { held, isHeld, open } = heldUp(rooms.send)
  const groups = createGroups({ quiz: foyer.store.quiz, claims, rooms })
  const giveBack = createReturning({ rooms: { ...rooms, send: held }, groups, claims })
  const state = await rooms.read(child)
  const returnTo = state?.ended?.returnTo
  if (!state || !returnTo) throw new Error('it has ended')
  const late = giveBack(state, returnTo)
  await until(isHeld, { what: 'the return on its way' })
  await comes()
  await quizzes.duties.catchUp(child)
  await goes()
  open()
  await late
  const to = (await rooms.read(child))?.ended?.returnedTo ?? ''
  expect(to).not.toBe(fitting)
  expect(await typesIn(db, fitting)).not.toContain('evanescent.returned')
  expect((await typesIn(db, to)).filter((type) => type === 'evanescent.returned')).toHaveLength(1)
  expect((await typesIn(db, child)).filter((type) => type === 'room.returned')).toHaveLength(1)
})
