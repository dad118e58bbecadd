import { afterAll, afterEach, describe, expect, test } from 'bun:test'
import { connect } from '../../client/connect.ts'
import { openQuiz } from '../../client/quiz.ts'
import { followQuiz } from '../../client/quiz/followed.ts'
import type { Quiz } from '../../client/quiz/types.ts'
import { startFleet } from '../kit/fleet.ts'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, deckFor, type Person, person, quickly } from '../kit/quiz.ts'
import { startTcpProxy, targetOf, type TcpProxy } from '../kit/tcp-proxy.ts'
import { tokenOf } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'
import { RIGHT, WRONG } from '../quiz/cards.ts'
import { asks, conductorOf } from '../quizzes/conductor.ts'
import { eventsIn } from '../quizzes/places.ts'
import { roomServer } from '../rooms/calls.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
const here = await roomServer(mongo)
const fleet = await startFleet({ url: mongo, size: 2 })
afterAll(async () => {
  await here[Symbol.asyncDispose]()
  await fleet[Symbol.asyncDispose]()
})
const left: { close(): void }[] = []
afterEach(() => {
  for (const one of left.splice(0)) one.close()
})
const closing = <T extends { close(): void }>(one: T): T => {
  left.push(one)
  return one
}

/** Somebody behind a proxy of their own, which a test aims at a server and breaks. */
async function behindProxy({ id }: Person, nth: number) {
  const proxy: TcpProxy = await startTcpProxy(targetOf(fleet.servers()[nth]?.url ?? ''))
  return { id, proxy, client: connect({ url: proxy.url, token: await tokenOf(id) }) }
}

/** Two friends in a group room, each on a server of their own. */
async function pair() {
  const people = [await person(here.server.url, 'ann'), await person(here.server.url, 'bob')] as const
  await befriend(...people)
  const { room } = await people[0].client.quiz.group.mutate({ others: [people[1].id], text: 'hello' })
  const [ann, bob] = await Promise.all([behindProxy(people[0], 0), behindProxy(people[1], 1)])
  const dispose = async () => {
    for (const one of left.splice(0)) one.close()
    await Promise.all([ann, bob].map(({ proxy }) => proxy[Symbol.asyncDispose]()))
  }
  return { ann, bob, room, [Symbol.asyncDispose]: dispose }
}
type Pair = Awaited<ReturnType<typeof pair>>

/** kill -9 of a server while it is talked to; both go to those that run then. */
async function killed({ ann, bob }: Pick<Pair, 'ann' | 'bob'>): Promise<void> {
  await fleet.replaceOne()
  for (const [nth, { proxy }] of [ann, bob].entries()) {
    proxy.aim(targetOf(fleet.servers()[nth]?.url ?? ''))
    proxy.cutAll()
  }
}

describe('two users of a group room', () => {
  test('who talk without a pause while their servers are killed see the same in the end, all of it once and in order', async () => {
    await using kit = await pair()
    const { ann, bob, room } = kit
    const quizzes = await Promise.all([ann, bob].map(async ({ client }) => closing(await openQuiz(client, { room }))))
    const [one, two] = quizzes
    if (one === undefined || two === undefined) throw new Error('there are two')
    const talk = async (quiz: Quiz) => {
      for (let nth = 0; nth < 40; nth++) await quiz.message(`${quiz.user} ${nth}`)
    }
    const talks = Promise.all(quizzes.map(talk))
    for (const due of [20, 50]) {
      await until(() => one.view.version >= due, { what: `version ${due}`, deadlineMs: 20_000 })
      await killed(kit)
    }
    await talks
    const events = await eventsIn(db, room)
    await until(() => quizzes.every(({ view }) => view.version === events.length), { what: 'both have all' })
    const said = events.flatMap((event) => (event.type === 'message.published' ? [event] : []))
    for (const { id } of [ann, bob])
      expect(
        said
          .filter(({ by }) => by === id)
          .map(({ text }) => text)
          .slice(id === ann.id ? 1 : 0),
      ).toEqual(Array.from({ length: 40 }, (_, nth) => `${id} ${nth}`))
    expect(one.view.messages).toEqual(two.view.messages)
    expect(one.view.messages.map(({ text }) => text)).toEqual(said.map(({ text }) => text))
    const fresh = closing(await openQuiz(bob.client, { room }))
    expect(two.view).toEqual(fresh.view)
  }, 90_000)

  test('who spawn a quiz are in it together, answer once over lost replies and a killed server, and are back in their room', async () => {
    await using kit = await pair()
    const { ann, bob, room } = kit
    const follows = [ann, bob].map(({ client }) => closing(followQuiz(client, { room })))
    const areIn = (id: string) =>
      until(() => follows.every(({ status }) => status.status === 'open' && status.room === id), {
        what: `both are in ${id}`,
        deadlineMs: 15_000,
      })
    const quizzes = () => follows.flatMap(({ status }) => (status.quiz === null ? [] : [status.quiz]))
    await areIn(room)
    const deck = await deckFor(db, ann.id)
    const child = (await quizzes()[0]?.spawn(quickly(deck, { questionMs: 60_000, scoring: 'accuracy@1' }))) ?? ''
    await areIn(child)

    const conductor = conductorOf(here.server.foyer, child)
    await conductor.start()
    for (let question = 0; question < 3; question++) {
      await conductor.play(`question ${question}`, asks(question))
      await until(
        () => quizzes().every(({ view }) => view.game?.question === question && view.game.phase === 'question'),
        {
          what: 'both see it',
          deadlineMs: 15_000,
        },
      )
      ann.proxy.cut({ lose: 'reply', text: 'quiz.answer' })
      const answers = quizzes().flatMap((quiz, nth) => [
        quiz.answer(nth === 0 ? RIGHT : WRONG),
        // A second finger on another option.
        quiz.answer(WRONG),
      ])
      if (question === 1) await killed(kit)
      expect(await Promise.all(answers)).toEqual(Array.from({ length: 4 }, () => ({ counted: true, late: false })))
    }
    await conductor.play('the end', ({ ended }) => ended !== null)
    await areIn(room)

    const given = (await eventsIn(db, child)).filter(({ type }) => type === 'answer.given')
    expect(given.map(({ by }) => by).toSorted()).toEqual([ann, ann, ann, bob, bob, bob].map(({ id }) => id))
    const { results } = await ann.client.quiz.results.query({ room: child })
    expect(results.rows.map(({ user, correct }) => [user, correct])).toEqual([
      [ann.id, 3],
      [bob.id, 0],
    ])
    await until(() => quizzes().every(({ view }) => view.messages.at(-1)?.about?.type === 'returned'), {
      what: 'both hear why they are back',
    })
    expect(ann.proxy.cuts()).toBeGreaterThan(0)
  }, 90_000)

  test('have a countdown that agrees with the service`s clock', async () => {
    await using kit = await pair()
    const { ann, bob, room } = kit
    const quizzes = await Promise.all([ann, bob].map(async ({ client }) => closing(await openQuiz(client, { room }))))
    const deck = await deckFor(db, ann.id)
    await quizzes[0]?.start(quickly(deck, { questionMs: 60_000 }))
    const conductor = conductorOf(here.server.foyer, room)
    await conductor.start()
    await conductor.play('a question', asks(0))
    await until(() => quizzes.every(({ view }) => view.game?.phase === 'question'), { what: 'both see it' })
    const now = here.server.foyer.store.clock.now().getTime()
    for (const quiz of quizzes) {
      expect(Math.abs(quiz.now() - now)).toBeLessThan(500)
      const asked = (await conductor.state()).game?.clock.from ?? 0
      expect(Math.abs((quiz.remainingMs() ?? 0) - (60_000 - (now - asked)))).toBeLessThan(500)
    }
  }, 30_000)
})
