import type { Page } from 'playwright-core'
import { payloadSchema } from '../../shared/quiz/settings.ts'
import { say } from './chat.ts'
import { befriend, type Person } from './quiz.ts'
import { ANSWERS, NINE, sendAnswer } from './quiz-answers.ts'
import type { QuizFleet } from './quiz-fleet.ts'
import { newsButton, press, roomOn } from './quiz-home.ts'
import { control, named, openRoom, phase } from './quiz-site.ts'
import { openHome } from './quiz-workers.ts'
import type { Site } from './site.ts'

/** The cards of the quiz that the friends play; a right answer is 1,000 points. */
export const PLAYED = NINE.slice(0, 3)

/** Somebody, and a page that they look at. */
export interface Player {
  who: Person
  page: Page
}

/** The last answer of all is followed by the reveal at once. */
const TAKEN = '[data-testid=answer][data-state=given], [data-testid=quiz][data-phase=reveal]'

/** Gives an open question this answer, until it counts. */
export async function give(page: Page, question: number, isRight: boolean): Promise<void> {
  const type = PLAYED[question]?.type
  if (type !== 'single' && type !== 'multiple' && type !== 'true-false') throw new Error('there is no such question')
  await page.waitForSelector(`[data-testid=quiz][data-question="${question}"][data-phase=question]`)
  await ANSWERS[type][isRight ? 'right' : 'wrong'](page)
  await sendAnswer(page)
  await page.waitForSelector(TAKEN)
}

/** Three friends who talk in a group's room, each on a page of their own; the first has proposed a deck of theirs. */
export async function planning(site: Site) {
  const people = await Promise.all(['ann', 'bob', 'cleo'].map((name) => named(site, `${name} ${crypto.randomUUID()}`)))
  const [ann, bob, cleo] = people
  if (ann === undefined || bob === undefined || cleo === undefined) throw new Error('three were asked for')
  await befriend(ann, bob, cleo)
  await ann.client.deck.create.mutate({ title: 'Of three cards', visibility: 'shared', cards: [...PLAYED] })
  const pages = await Promise.all(people.map(({ id }) => openHome(site, id)))
  const [a, b, c] = pages
  if (a === undefined || b === undefined || c === undefined) throw new Error('each has a page')
  for (const { id } of [bob, cleo]) await a.getByRole('checkbox', { name: id }).check()
  await a.getByLabel('First message').fill('Shall we play tonight?')
  await press(a, 'Begin')
  const room = await roomOn(a)
  for (const page of [b, c]) {
    await newsButton(page, 'room.added').click()
    await roomOn(page)
    await page.getByText('Shall we play tonight?').waitFor()
  }
  await say(b, 'Something short, please.')
  await a.locator('[data-from=peer]', { hasText: 'Something short, please.' }).waitFor()
  await a.getByText('Propose a quiz').click()
  await a.getByTestId('propose').getByLabel('A host says when it goes on').check()
  await press(a, 'Propose')
  return {
    players: [
      { who: ann, page: a },
      { who: bob, page: b },
      { who: cleo, page: c },
    ] as const,
    room,
  }
}

/** One of them takes the proposal into a room of its own. Resolves to that room once all are there. */
export async function spawned(players: readonly Player[], by: Player): Promise<string> {
  const { page } = by
  const parent = await roomOn(page)
  await page.getByRole('button', { name: 'Use this' }).click()
  await page.getByLabel('Points', { exact: true }).selectOption('Right only')
  await page.getByText('More settings').click()
  await page.getByLabel('At the end, s').fill('1')
  await press(page, 'Play in a room of its own')
  for (const each of players) await each.page.waitForURL(`**/quiz#room=*&from=${parent}`)
  return roomOn(page)
}

export interface PractiseOptions {
  site: Site
  fleet: QuizFleet
  players: readonly [Player, Player, Player]
  /** The worker's child that is not to conduct it. */
  not: string
}

/**
 * The room of a deck of the first one's, with a second page of each of the three, in its first question; conducted by another process
 * than the given one.
 */
export async function practising({ site, fleet, players, not }: PractiseOptions) {
  const [owner] = players
  for (;;) {
    const { deck } = await owner.who.client.deck.create.mutate({ title: 'To practise', cards: [...PLAYED] })
    const payload = payloadSchema.parse({ deck: deck.id, pace: 'host', scoring: 'accuracy@1', questionMs: 300_000 })
    const { room } = await owner.who.client.quiz.host.mutate({ payload })
    const open = ({ who, page }: Player) => openRoom(site, who.id, room, { context: page.context() })
    const own = await open(owner)
    const holder = await fleet.holder(room)
    if (holder._id === not) {
      await own.close()
      continue
    }
    const [second, third] = [await open(players[1]), await open(players[2])]
    await control(own, 'start')
    for (const page of [own, second, third]) await phase(page, 'question')
    return { room, holder, pages: [own, second, third] as const }
  }
}
