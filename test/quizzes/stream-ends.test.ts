import { connect as tcp } from 'node:net'
import { afterAll, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { befriend, deckFor, type Person, person, quickly } from '../kit/quiz.ts'
import { tokenOf } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'
import { RIGHT } from '../quiz/cards.ts'
import { roomServer } from '../rooms/calls.ts'
import { linkOf, ROOMS_ENV } from '../rooms/streams.ts'
import { asks, conductorOf } from './conductor.ts'
import { followQuiz, timeless } from './following.ts'
import { at, times } from './places.ts'

const { url, db } = useDatabase(import.meta.path)
const { server, ...rest } = await roomServer(url)
afterAll(() => rest[Symbol.asyncDispose]())
const { foyer } = server
const someone = (name: string) => person(server.url, name)

async function pair() {
  const [ann, bob] = [await someone('ann'), await someone('bob')]
  await befriend(ann, bob)
  const { room } = await ann.client.quiz.group.mutate({ others: [bob.id], text: 'hello' })
  return { ann, bob, room }
}
const say = (by: Person, room: string, text: string) => by.client.quiz.message.mutate({ room, text, reply: 'result' })
/** Appended in one go, as far as documents allow. */
const sayAll = async (by: Person, room: string, texts: readonly string[]) => {
  const actor = { user: by.id, service: false }
  const send = (text: string, i: number) =>
    foyer.quizzes.log.send({
      ...{ room, actor, hash: 'message', id: `${crypto.randomUUID()} ${i}` },
      command: { type: 'message', text, proposal: null },
    })
  await Promise.all(texts.map(send))
}

test('who leaves hears of that and of nothing more; who stays hears on', async () => {
  const { ann, bob, room } = await pair()
  await using link = await linkOf(server.url, bob.id)
  await using near = await linkOf(server.url, ann.id)
  const [gone, stays] = [followQuiz(link, { room }), followQuiz(near, { room })]
  for (const heard of [gone, stays]) await heard.until('the room', () => true)
  await bob.client.quiz.leave.mutate({ room })
  await say(ann, room, 'now that we are alone')
  expect(await gone.ended()).toBe('not-occupant')
  await stays.until('the message', ({ messages }) => messages.length === 2)
  expect(gone.view?.occupants).toEqual([ann.id])
  expect(JSON.stringify(gone.frames)).not.toContain('alone')
  const again = followQuiz(link, { room, lastEventId: gone.ids.at(-1) })
  expect(await again.ended()).toBe('not-occupant')
  expect(again.frames).toEqual([])
  const none = followQuiz(link, { room: crypto.randomUUID() })
  expect(await none.ended()).toBe('room-gone')
})

test('the owner of a hosted room who leaves it goes on hearing', async () => {
  const ann = await someone('ann')
  const { room } = await ann.client.quiz.host.mutate({ payload: quickly(await deckFor(db, ann.id)) })
  await using link = await linkOf(server.url, ann.id)
  const heard = followQuiz(link, { room })
  await heard.until('the room', () => true)
  await ann.client.quiz.leave.mutate({ room })
  await heard.until('the leave', ({ occupants }) => occupants.length === 0)
  await ann.client.quiz.join.mutate({ room })
  await heard.until('the return', ({ occupants }) => occupants.length === 1)
  expect(heard.ends).toEqual([])
})

test('a room that has ended is shown, and its stream completes: for who comes later too', async () => {
  const { ann, bob, room } = await pair()
  await using link = await linkOf(server.url, bob.id)
  await ann.client.quiz.leave.mutate({ room })
  const heard = followQuiz(link, { room })
  await heard.until('the room', () => true)
  await bob.client.quiz.leave.mutate({ room })
  expect(await heard.ended()).toBe('not-occupant')
  const solo = await ann.client.quiz.solo.mutate({ payload: quickly(await deckFor(db, ann.id)) })
  const reap = { type: 'reap', epoch: 0, reason: 'never-started' } as const
  const actor = { user: 'worker', service: true }
  await foyer.quizzes.log.send({ room: solo.room, id: 'reap', actor, command: reap, hash: 'reap' })
  await using near = await linkOf(server.url, ann.id)
  const late = followQuiz(near, { room: solo.room })
  expect(await late.ended()).toBe('complete')
  expect(late.frames).toMatchObject([{ kind: 'snapshot', view: { ended: { returnTo: { to: 'deck' } } } }])
  const knows = followQuiz(near, { room: solo.room, lastEventId: late.ids.at(-1) })
  expect(await knows.ended()).toBe('complete')
  expect(knows.frames).toEqual([])
})

test('the end of its token ends a stream, by WebSocket and by server-sent events', async () => {
  const { ann, bob, room } = await pair()
  const link = (transport: 'websocket' | 'sse') => linkOf(server.url, bob.id, { transport, seconds: 3 })
  const links = [await link('websocket'), await link('sse')]
  const all = links.map((one) => followQuiz(one, { room }))
  for (const heard of all) await heard.until('the room', () => true)
  for (const heard of all)
    await until(() => heard.ends.includes('unauthorized'), { what: 'the end of the token', deadlineMs: 10_000 })
  for (const heard of all) heard.unsubscribe()
  await say(ann, room, 'too late for bob')
  for (const heard of all) expect(JSON.stringify(heard.frames)).not.toContain('too late')
  for (const one of links) await one[Symbol.asyncDispose]()
})

test('after a server’s end, by signal or by kill -9, who subscribes again converges to `quiz.get`', async () => {
  const { ann, bob, room } = await pair()
  // Started together, since that is most of what takes time here.
  const [first, ...others] = await Promise.all(times(3).map(() => spawnServer({ url, env: ROOMS_ENV })))
  if (first === undefined) throw new Error('three were asked for')
  let home = first
  await using link = await linkOf(() => home.url, bob.id)
  const heard = followQuiz(link, { room })
  await heard.until('the room', () => true)
  const payload = quickly(await deckFor(db, ann.id), { pace: 'host', questionMs: 600_000 })
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    await say(ann, room, `before ${signal}`)
    const old = home
    home = others.shift() ?? home
    await Promise.all([old.kill(signal), say(ann, room, `while ${signal}`)])
    if (signal === 'SIGKILL') {
      await ann.client.quiz.start.mutate({ room, payload })
      const conductor = conductorOf(foyer, room)
      await conductor.start()
      await ann.client.quiz.control.mutate({ room, control: { name: 'start', round: 1 } })
      await conductor.play('the question', asks(0))
    } else await (await at(home.url, bob)).client.quiz.answer.mutate({ room, round: 1, question: 0, value: RIGHT })
    await say(ann, room, `after ${signal}`)
    await heard.until(
      `what came after ${signal}`,
      ({ messages }) => messages.at(-1)?.text === `after ${signal}`,
      20_000,
    )
    expect(timeless(heard.view)).toEqual(timeless(await bob.client.quiz.get.query({ room })))
  }
  expect(heard.view?.game?.mine?.answer).toEqual(RIGHT)
  expect(heard.ends).toEqual([])
  await home.stop()
}, 60_000)

test('a subscriber that does not read hears one snapshot in place of what it missed', async () => {
  const { ann, bob, room } = await pair()
  const input = encodeURIComponent(JSON.stringify({ json: { room } }))
  const stalled = tcp(server.port, '127.0.0.1')
  let text = ''
  stalled.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')))
  const authorization = `Bearer ${await tokenOf(bob.id)}`
  stalled.write(
    `GET /trpc/quiz.events?input=${input} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n` +
      `Authorization: ${authorization}\r\n\r\n`,
  )
  await until(() => text.includes('"why":"start"'), { what: 'the room' })
  stalled.pause()
  // On the wire each character is six, until what the kernel buffers is full, and more than may wait.
  const long = '\u0001'.repeat(2_000)
  for (const _ of times(12))
    await sayAll(
      ann,
      room,
      times(100).map(() => long),
    )
  await sayAll(ann, room, [...times(400).map((i) => `short ${i}`)])
  stalled.resume()
  await say(ann, room, 'the newest')
  await until(() => text.includes('the newest'), { what: 'the newest message' })
  expect(text.match(/"why":"\w+"/g)).toEqual(['"why":"start"', '"why":"slow"'])
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
  expect(text).not.toContain('"short 5"')
  expect(text).toContain('"short 399"')
  stalled.destroy()
}, 30_000)
