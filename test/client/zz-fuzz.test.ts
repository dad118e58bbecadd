import { expect, test } from 'bun:test'
import { seeded } from '../kit/random.ts'
import { until } from '../kit/until.ts'
import { user } from '../quiz/memory.ts'
import { DECK, group, ROOM, text } from '../quiz/rooms.ts'
import { setTimeout as pause } from 'node:timers/promises'
import { FakeQuizLink } from './fake-quiz-link.ts'
import { FakeQuizzes } from './fake-quiz.ts'
import { followed } from './opened-quiz.ts'

const NAMES = ['ann', 'bob', 'cy']
const STEPS = 60
const FATES = ['lose-request', 'lose-reply', 'twice', 'pass', 'pass', 'pass'] as const

/** Three follow a group room over a network that breaks at random, while they talk, spawn quizzes and play them to the end. */
async function history(seed: number) {
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  const quizzes = new FakeQuizzes(group('bob', 'cy'))
  const people = NAMES.map((name) => {
    const link = new FakeQuizLink(quizzes, name)
    link.fate = () => pick(FATES) ?? 'pass'
    return { link, ...followed(link, { room: ROOM }) }
  })
  const commands: Promise<unknown>[] = []
  const said: string[] = []
  let isSpawning = false
  const live = () => [...quizzes.rooms.values()].filter(({ it }) => it.ended === null && it.kind === 'GroupEvanescent')

  const acts: ((one: (typeof people)[number]) => void)[] = [
    ({ link }) => link.cut(),
    ({ link }) => (link.isUp ? link.down() : link.up()),
    ({ link }) => (link.isHeld ? link.release() : (link.isHeld = true)),
    ({ follow }) => {
      const { status } = follow
      const words = `words ${said.length}`
      if (status.status !== 'open') return
      said.push(words)
      // A room that ends while it is sent may not have taken it.
      commands.push(status.quiz.message(words).catch(({ rule }) => expect(['room-gone', 'aborted']).toContain(rule)))
    },
    () => {
      // Who is in a quiz does not hear of another one.
      if (live().length > 0 || isSpawning || random() < 0.5) return
      quizzes.inRoom(ROOM, (room) => room.does({ type: 'message', ...text('a quiz?') }, user('ann')))
      const { status } = people[0]?.follow ?? {}
      if (status?.status !== 'open' || status.room !== ROOM) return
      isSpawning = true
      const spawned = status.quiz.spawn({ deck: DECK }).catch(({ rule }) => expect(rule).toBe('aborted'))
      commands.push(spawned.finally(() => (isSpawning = false)))
    },
    () => {
      const [room] = live()
      if (room === undefined) return
      quizzes.inRoom(room.it.room, (it) => {
        for (let i = 0; i < 100 && it.it.ended === null; i++) it.pass(600_000)
      })
    },
  ]
  for (let step = 0; step < STEPS; step++) {
    const one = people[Math.floor(random() * people.length)]
    if (one !== undefined) pick(acts)?.(one)
    if (random() < 0.5) await pause(random() * 20)
  }
  for (const { link } of people) {
    link.fate = () => 'pass'
    link.up()
    link.release()
  }
  return { quizzes, people, commands, last: () => live()[0]?.it.room ?? ROOM }
}

test('whatever a network does, all are in the same room in the end, see it as it is, and have done each thing once', async () => {
  const seeds = Array.from({ length: 600 }, (_, i) => i + 1)
  const ways = new Set<number>()
  await Promise.all(
    seeds.map(async (seed) => {
      const { quizzes, people, commands, last } = await history(seed)
      await Promise.all(commands)
      for (const { isIn, link, follow, rooms } of people) {
        await isIn(last()).catch((error: unknown) => {
          throw new Error(`seed ${seed}: ${link.user} is in ${follow.status.room} and not in ${last()}`, {
            cause: error,
          })
        })
        const view = () => (follow.status.status === 'open' ? follow.status.view : null)
        await until(() => view()?.version === quizzes.view(last(), link.user).version, {
          what: `seed ${seed}: ${link.user} has all`,
        })
        expect(view()).toEqual(quizzes.view(last(), link.user))
        ways.add(rooms.length)
      }
      for (const room of quizzes.rooms.values()) {
        const words = room.events.flatMap((event) => (event.type === 'message.published' ? [event.text] : []))
        const own = words.filter((one) => one.startsWith('words'))
        expect(new Set(own).size).toBe(own.length)
      }
    }),
  )
  // Some went through several rooms.
  expect(Math.max(...ways)).toBeGreaterThan(3)
}, 300_000)
