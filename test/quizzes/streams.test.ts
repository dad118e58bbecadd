import { describe, expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, deckFor, type Person, quickly } from '../kit/quiz.ts'
import { until } from '../kit/until.ts'
import { RIGHT, singles } from '../quiz/cards.ts'
import { linkOf } from '../rooms/streams.ts'
import { asks, conductorOf, isIn } from './conductor.ts'
import { followQuiz, QuizHeard, timeless } from './following.ts'
import { at, rounds, times, twoProcesses } from './places.ts'

const { url, db } = useDatabase(import.meta.path)
const { foyer, someone, urls } = await twoProcesses(url)
const LONG_QUESTION = { pace: 'host', questionMs: 600_000 } as const

async function group(...names: string[]) {
  const all = await Promise.all(names.map((name) => someone(name)))
  const [ann = await someone(), ...others] = all
  await Promise.all(others.map((other) => befriend(ann, other)))
  const { room } = await ann.client.quiz.group.mutate({ others: others.map(({ id }) => id), text: 'hello' })
  return { ann, others, room }
}
/** The first question of a quiz is open, and stays so. */
async function asking(ann: Person, room: string) {
  const deck = await deckFor(db, ann.id, { cards: singles(3), visibility: 'public' })
  await ann.client.quiz.start.mutate({ room, payload: quickly(deck, LONG_QUESTION) })
  const conductor = conductorOf(foyer, room)
  await conductor.start()
  await ann.client.quiz.control.mutate({ room, control: { name: 'start', round: 1 } })
  await conductor.play('the first question', asks(0))
  return conductor
}
const isRising = (versions: readonly number[]) =>
  versions.every((version, i) => i === 0 || version > (versions[i - 1] ?? 0))

describe('a viewer’s stream', () => {
  for (const transport of ['websocket', 'sse'] as const)
    test(`keeps its order over ${transport} connections that are lost, and converges to \`quiz.get\``, async () => {
      const { ann, room, others } = await group('ann', 'bob')
      const [bob] = others
      if (bob === undefined) throw new Error('two were asked for')
      const heard = new QuizHeard()
      const texts = ['hello']
      let isCut = false
      const sending = (async () => {
        for (let i = 0; !isCut || i < 40; i++) {
          texts.push(`message ${i}`)
          await ann.client.quiz.message.mutate({ room, text: `message ${i}`, reply: 'result' })
        }
      })()
      const link = await linkOf(urls[1], bob.id, { transport })
      const resume = () => followQuiz(link, { room, lastEventId: heard.ids.at(-1) }, heard)
      resume()
      for (const _ of times(rounds(8, 80))) {
        const now = heard.frames.length
        await until(() => heard.frames.length > now, { what: 'a frame', deadlineMs: 20_000 })
        if (transport === 'websocket') link.cut()
        else {
          heard.unsubscribe()
          resume()
        }
      }
      isCut = true
      await sending
      await heard.until('the newest message', ({ messages }) => messages.at(-1)?.text === texts.at(-1))
      expect(isRising(heard.versions())).toBe(true)
      expect(timeless(heard.view)).toEqual(timeless(await bob.client.quiz.get.query({ room })))
      // Each message was heard once, of a change or as part of all of the room.
      expect(heard.view?.messages.map(({ text }) => text)).toEqual(texts.slice(-LIMITS.quiz.messages))
      heard.unsubscribe()
      await link[Symbol.asyncDispose]()
    }, 60_000)

  test('that has the newest version hears nothing again; another one hears all of the room', async () => {
    const { ann, room } = await group('ann')
    const { version } = await ann.client.quiz.get.query({ room })
    await using link = await linkOf(urls[0], ann.id)
    const newest = followQuiz(link, { room, after: version })
    const older = followQuiz(link, { room, after: 0 })
    const ahead = followQuiz(link, { room, lastEventId: '999999' })
    await older.until('the room', () => true)
    await ahead.until('the room', () => true)
    await ann.client.quiz.message.mutate({ room, text: 'news' })
    await until(() => newest.frames.length > 0, { what: 'the news' })
    expect(newest.frames).toMatchObject([{ kind: 'changes', version: version + 1 }])
    for (const heard of [older, ahead])
      expect(heard.frames[0]).toMatchObject({ kind: 'snapshot', why: 'resync', version })
    const foreign = followQuiz(link, { room, lastEventId: 'not ours' })
    expect(await foreign.ended()).toBe('bad-request')
  })

  test('reloads in the middle of a question keep the answer and the score', async () => {
    const { ann, room, others } = await group('ann', 'bob')
    const [bob = ann] = others
    const conductor = await asking(ann, room)
    await bob.client.quiz.answer.mutate({ room, round: 1, question: 0, value: RIGHT })
    await ann.client.quiz.control.mutate({ room, control: { name: 'skip', round: 1, question: 0 } })
    await conductor.play('the reveal', isIn('reveal'))
    for (const next of [isIn('scoreboard'), asks(1)]) {
      await ann.client.quiz.control.mutate({ room, control: { name: 'next', round: 1, question: 0 } })
      await conductor.play('the next phase', next)
    }
    await bob.client.quiz.answer.mutate({ room, round: 1, question: 1, value: RIGHT })
    const { mine } = (await bob.client.quiz.get.query({ room })).game ?? {}
    expect(mine).toMatchObject({ answer: RIGHT, mayAnswer: false })
    expect(mine?.points).toBeGreaterThan(0)
    for (const i of times(20)) {
      const link = await linkOf(urls[i % 2 === 0 ? 0 : 1], bob.id, { transport: i % 4 < 2 ? 'websocket' : 'sse' })
      const heard = followQuiz(link, { room })
      const view = await heard.until('the room', () => true)
      expect(view.game?.mine).toEqual(mine ?? null)
      heard.unsubscribe()
      await link[Symbol.asyncDispose]()
    }
  })

  test('holds X messages at most, however it was folded', async () => {
    const { ann, room } = await group('ann')
    await using link = await linkOf(urls[1], ann.id)
    const heard = followQuiz(link, { room })
    await heard.until('the room', () => true)
    const texts = times(LIMITS.quiz.messages + 20).map((i) => `message ${i}`)
    const actor = { user: ann.id, service: false }
    const say = (text: string) => ({ type: 'message' as const, text, proposal: null })
    await Promise.all(
      texts.map((text) => foyer.quizzes.log.send({ room, id: text, actor, command: say(text), hash: text })),
    )
    const kept = texts.slice(-LIMITS.quiz.messages)
    const view = await heard.until('the newest', ({ messages }) => messages.at(-1)?.text === texts.at(-1))
    expect(view.messages.map(({ text }) => text)).toEqual(kept)
    expect((await ann.client.quiz.get.query({ room })).messages.map(({ text }) => text)).toEqual(kept)
  })

  test('brings answers of others as counts, at most five a second', async () => {
    const { ann, room, others } = await group('ann', ...times(29).map((i) => `player ${i}`))
    await asking(ann, room)
    await using link = await linkOf(urls[1], ann.id)
    const heard = followQuiz(link, { room })
    await heard.until('the question', ({ game }) => game?.phase === 'question')
    const before = heard.versions().length
    const began = performance.now()
    const homes = await Promise.all(others.map((one, i) => at(urls[i % 2 === 0 ? 0 : 1], one)))
    for (const { client } of homes)
      await client.quiz.answer.mutate({ room, round: 1, question: 0, value: RIGHT, reply: 'result' })
    await until(() => heard.counts().at(-1)?.answered === others.length, { what: 'all counts' })
    const counts = heard.counts()
    expect(heard.versions().length).toBe(before)
    expect(counts.map(({ answered }) => answered)).toEqual(
      counts.map(({ answered }) => answered).toSorted((a, b) => a - b),
    )
    expect(counts.every(({ of, round, question }) => of === 30 && round === 1 && question === 0)).toBe(true)
    // What delays one on its way here delays the last one as well, or others come in its time.
    expect(counts.length).toBeLessThanOrEqual(2 + Math.ceil((performance.now() - began) / 200))
    expect(counts.length).toBeLessThan(others.length)
    expect(JSON.stringify(heard.frames)).not.toContain('answer.given')
  }, 30_000)

  test('tells how many are asked, too, when somebody comes or goes and nobody answers', async () => {
    const { ann, room, others } = await group('ann', 'bob', 'cem')
    const [bob = ann] = others
    await asking(ann, room)
    await using link = await linkOf(urls[1], ann.id)
    const heard = followQuiz(link, { room })
    await heard.until('the question', ({ game }) => game?.asked?.of === 3)
    for (const [who, of] of [
      ['leave', 2],
      ['join', 3],
      ['leave', 2],
    ] as const) {
      await bob.client.quiz[who].mutate({ room })
      await until(() => heard.counts().at(-1)?.of === of, { what: `${of} who are asked` })
    }
  })
})
