import { afterAll, expect, test } from 'bun:test'
import type { Answer } from '../../shared/deck/answers.ts'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, deckFor, person, quickly } from '../kit/quiz.ts'
import { tokenOf } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'
import { CARDS, SECRET } from '../quiz/cards.ts'
import { roomServer } from '../rooms/calls.ts'
import { linkOf } from '../rooms/streams.ts'
import { conductorOf } from './conductor.ts'
import { followQuiz } from './following.ts'

const { url, db } = useDatabase(import.meta.path)
const { server, ...foyer } = await roomServer(url)
afterAll(() => foyer[Symbol.asyncDispose]())

/** A card's texts that nobody may see before its reveal, by its place. */
const HIDDEN = CARDS.map((card) => JSON.stringify(card).match(new RegExp(`${SECRET} [\\w]+`, 'g')) ?? [])
const ANSWERS: Partial<Record<string, Answer>> = {
  single: { type: 'single', choice: 2 },
  typed: { type: 'typed', text: 'paris?' },
}

/** All that the wire brings of a subscription by server-sent events, as text, with the time at which each piece came. */
async function wire(user: string, room: string) {
  const input = encodeURIComponent(JSON.stringify({ json: { room } }))
  const abort = new AbortController()
  const headers = { authorization: `Bearer ${await tokenOf(user)}`, accept: 'text/event-stream' }
  const reply = await fetch(`${server.url}/trpc/quiz.events?input=${input}`, { headers, signal: abort.signal })
  const heard = { text: '', isOver: false, stop: () => abort.abort() }
  const read = async () => {
    const decoder = new TextDecoder()
    for await (const bytes of reply.body ?? []) heard.text += decoder.decode(bytes, { stream: true })
  }
  void read()
    .catch(() => {})
    .finally(() => (heard.isOver = true))
  return heard
}

test('nobody’s frame or reply holds a key before the reveal, by server-sent events or by WebSocket', async () => {
  const [ann, bob] = [await person(server.url, 'ann'), await person(server.url, 'bob')]
  await befriend(ann, bob)
  const deck = await deckFor(db, ann.id, { cards: CARDS })
  const { room } = await ann.client.quiz.group.mutate({ others: [bob.id], text: 'a quiz' })
  await using socket = await linkOf(server.url, bob.id)
  const heard = followQuiz(socket, { room })
  const raw = await wire(ann.id, room)
  await heard.until('the room', () => true)
  await until(() => raw.text.includes('snapshot'), { what: 'the room' })
  await ann.client.quiz.start.mutate({ room, payload: quickly(deck, { pace: 'host' }) })
  const conductor = conductorOf(server.foyer, room, CARDS)
  await conductor.start()
  await ann.client.quiz.control.mutate({ room, control: { name: 'start', round: 1 } })

  let seen = 0
  for (const [question, card] of CARDS.entries()) {
    await conductor.play(`question ${question}`, ({ game }) => game?.asked.length === question + 1)
    await heard.until(`question ${question}`, ({ game }) => game?.question === question && game.asked?.key === null)
    const value = ANSWERS[card.type]
    const replies: unknown[] = []
    for (const { client } of [ann, bob]) {
      if (value !== undefined) replies.push(await client.quiz.answer.mutate({ room, round: 1, question, value }))
      replies.push(await client.quiz.get.query({ room }))
      replies.push(await client.quiz.results.query({ room }).catch(() => null))
    }
    replies.push(await bob.client.quiz.control.mutate({ room, control: { name: 'pause' } }))
    replies.push(await bob.client.quiz.control.mutate({ room, control: { name: 'resume' } }))
    using again = await linkOf(server.url, ann.id).then((link) => {
      const late = followQuiz(link, { room })
      return { late, [Symbol.dispose]: () => void link[Symbol.asyncDispose]() }
    })
    await again.late.until('the room anew', ({ game }) => game?.question === question)
    const { version } = await bob.client.quiz.get.query({ room })
    await until(() => raw.text.includes(`"version":${version}`), { what: 'all of it' })
    const all = JSON.stringify([heard.frames, replies, again.late.frames]) + raw.text
    for (const text of HIDDEN.slice(question).flat()) expect(all).not.toContain(text)
    // So that the check can fail: what is revealed is there.
    for (const text of HIDDEN.slice(0, question).flat()) expect(raw.text).toContain(text)
    seen += HIDDEN[question]?.length ?? 0
    await ann.client.quiz.control.mutate({ room, control: { name: 'skip', round: 1, question } })
    await conductor.play('the reveal', ({ game }) => game?.phase === 'reveal')
    for (const text of HIDDEN[question] ?? []) await until(() => raw.text.includes(text), { what: 'the key' })
    for (const phase of ['scoreboard', 'next'] as const) {
      await ann.client.quiz.control.mutate({ room, control: { name: 'next', round: 1, question } })
      if (phase === 'scoreboard') await conductor.play('the scoreboard', ({ game }) => game?.phase === 'scoreboard')
    }
  }
  expect(seen).toBeGreaterThanOrEqual(CARDS.length)
  raw.stop()
  await until(() => raw.isOver, { what: 'the end' })
}, 30_000)
