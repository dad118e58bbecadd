import { expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { payloadSchema } from '../../shared/quiz/settings.ts'
import { readLines } from '../kit/quiz-history.ts'
import { befriend } from '../kit/quiz.ts'
import { isGiven } from '../kit/quiz-answers.ts'
import { enter, friend, goHome, idOn, press, roomOn } from '../kit/quiz-home.ts'
import { control, friendsOn, named, openRoom, phase } from '../kit/quiz-site.ts'
import { give, PLAYED } from '../kit/quiz-story.ts'
import { openHome, secondsOn, standingsOn, startWorkers, useWorkedSite } from '../kit/quiz-workers.ts'
import { until } from '../kit/until.ts'

const site = await useWorkedSite(import.meta.path)
const LONG_MS = 600_000
/** Nobody has to be fast. */
const cards = PLAYED.map((card) => ({ ...card, limitMs: LONG_MS }))
const question = (page: Page, nth: number) =>
  page.waitForSelector(`[data-testid=quiz][data-question="${nth}"][data-phase=question]`)
const pointsOn = async (page: Page): Promise<number> =>
  Number((await page.getByTestId('points').innerText()).replaceAll(/\D/g, ''))
/** From a question's reveal to what comes after its standings. */
const goOn = async (page: Page) => {
  await phase(page, 'reveal')
  await control(page, 'next')
  await phase(page, 'scoreboard')
  await control(page, 'next')
}
const someone = (name: string) => named(site, `${name} ${crypto.randomUUID()}`)

site.describe('the flows of seed 4 in Chromium, with real workers', () => {
  test('create room with external friends: alone at first, the friend comes by a one-time link and both play', async () => {
    await using _ = await startWorkers(site)
    const ada = await someone('ada')
    await ada.client.deck.create.mutate({ title: 'For two', cards })
    const a = await openHome(site, ada.id)
    await a.getByLabel('First message').fill('Come over')
    await press(a, 'Begin with a link')
    const link = await a.getByTestId('made-link').getByLabel('Link').inputValue()
    await press(a, 'Go to the room')
    const room = await roomOn(a)
    await a.getByRole('heading', { level: 1, name: 'Just you' }).waitFor()

    const n = await enter(site, 'Nora', { path: link.replace(site.server().url, '') })
    expect(await roomOn(n)).toBe(room)
    await n.getByText('Come over').waitFor()
    await a.getByRole('heading', { level: 1, name: 'Nora and you' }).waitFor()
    await a.getByTestId('start-form').getByLabel('A host says when it goes on').check()
    await press(a, 'Start here')
    await phase(n, 'lobby')
    await control(n, 'start')
    await give(a, 0, true)
    await give(n, 0, false)
    await goOn(n)
    for (const page of [a, n]) await question(page, 1)
    await goHome(site, n)
    await friend(n, ada.id, 'friends')
    const other = await enter(site, 'Late', { path: link.replace(site.server().url, '') })
    await other.getByRole('alert').getByText('This link is used up or too old').waitFor()
    expect(await idOn(n)).toStartWith('Nora-')
  }, 120_000)

  test('join friends` room from dashboard: in the midst of a quiz, which one plays on together', async () => {
    await using _ = await startWorkers(site)
    const { ann, bob, deck, room } = await friendsOn(site, cards)
    const cleo = await someone('cleo')
    await befriend(ann, cleo)
    await ann.client.quiz.start.mutate({ room, payload: payloadSchema.parse({ deck, pace: 'host' }) })
    const [a, b] = [await openRoom(site, ann.id, room), await openRoom(site, bob.id, room)]
    await control(a, 'start')
    for (const page of [a, b]) await give(page, 0, true)
    await phase(a, 'reveal')

    const c = await openHome(site, cleo.id)
    const listed = c.locator(`[data-testid=joinable] [data-room="${room}"]`)
    // Rooms are found by their snapshots, which are up to 10 s behind.
    await listed.getByRole('button').click({ timeout: 30_000 })
    expect(await roomOn(c)).toBe(room)
    await a.locator(`[data-person="${cleo.id}"]`).waitFor()
    await goOn(c)
    for (const page of [a, b]) await give(page, 1, false)
    await a.getByText('2 of 3 answered').waitFor()
    await give(c, 1, true)
    for (const page of [a, b, c]) await phase(page, 'reveal')
    await c.locator('[data-testid=verdict][data-tone=right]').waitFor()
  }, 120_000)

  test('solo perpetual room from dashboard: it wakes, sleeps when nobody is there, and wakes at the same question and score', async () => {
    await using fleet = await startWorkers(site, { DORMANT_MS: '1000' })
    const ada = await someone('ada')
    const { deck } = await ada.client.deck.create.mutate({ title: 'To practise', cards })
    const first = await openHome(site, ada.id)
    await press(first, 'Open the room of To practise')
    const room = await roomOn(first)
    await control(first, 'start')
    await give(first, 0, true)
    await goOn(first)
    await question(first, 1)
    const [points, left] = [await pointsOn(first), await secondsOn(first)]
    expect(points).toBeGreaterThan(500)
    await first.close()
    const sleeps = async () => (await fleet.lease(room))?.status === 'released'
    await until(sleeps, { what: 'it sleeps', deadlineMs: 30_000 })

    const again = await openHome(site, ada.id)
    await press(again, 'Open the room of To practise')
    expect(await roomOn(again)).toBe(room)
    await again.getByTestId('dormant').waitFor({ state: 'detached' })
    await question(again, 1)
    expect(await pointsOn(again)).toBe(points)
    const then = await secondsOn(again)
    expect(then).toBeLessThanOrEqual(left)
    await until(async () => (await secondsOn(again)) < then, { what: 'the time goes on' })
    await give(again, 1, true)
    await phase(again, 'reveal')
    expect(await pointsOn(again)).toBeGreaterThan(points)
    expect(await ada.client.quiz.hosted.query({ deck: deck.id })).toEqual({ room })
  }, 120_000)

  test('solo evanescent room from deck detail: played alone to its end, and back at the deck', async () => {
    await using _ = await startWorkers(site)
    const ada = await someone('ada')
    const { deck } = await ada.client.deck.create.mutate({ title: 'Alone', cards })
    const page = await openHome(site, ada.id)
    await press(page, 'Cards of Alone')
    await press(page, 'Play alone')
    const room = await roomOn(page)
    for (const nth of cards.keys()) {
      await give(page, nth, nth < 2)
      await goOn(page)
    }
    await phase(page, 'end')
    const standings = await standingsOn(page, ada.id)
    expect(await page.getByTestId('controls').count()).toBe(0)
    await page.waitForURL(`**/quiz#deck=${deck.id}`, { timeout: 30_000 })
    await page.getByRole('heading', { level: 1, name: 'Alone' }).waitFor()
    const { results } = await ada.client.quiz.results.query({ room })
    expect(results.rows.map(({ user, rank, points }) => ({ user, rank, points }))).toEqual(standings)
    expect(results.rows[0]).toMatchObject({ user: ada.id, correct: 2, scored: 3 })
  }, 120_000)

  test('twenty reloads during one question change nothing: not the answer, the score or the seat, nor the room', async () => {
    await using _ = await startWorkers(site)
    const { ann, bob, deck, room } = await friendsOn(site, cards)
    await ann.client.quiz.start.mutate({ room, payload: payloadSchema.parse({ deck, pace: 'host' }) })
    const [a, b] = [await openRoom(site, ann.id, room), await openRoom(site, bob.id, room)]
    await control(a, 'start')
    for (const page of [a, b]) await give(page, 0, true)
    await goOn(a)
    await give(a, 1, true)
    await b.getByText('1 of 2 answered').waitFor()
    const points = await pointsOn(a)
    const before = (await readLines(site.db, room)).lines.length
    for (let i = 0; i < 20; i++) {
      await a.reload()
      await question(a, 1)
      await isGiven(a)
      expect(await pointsOn(a)).toBe(points)
    }
    for (const text of ['two', 'four']) expect(await a.locator('[data-chosen=true]', { hasText: text }).count()).toBe(1)
    expect(await a.locator('[data-chosen=true]').count()).toBe(2)
    expect(await b.getByTestId('counts').innerText()).toBe('1 of 2 answered')
    const { lines } = await readLines(site.db, room)
    expect(lines.slice(before).map(({ event }) => event.type)).toEqual([])
    expect(lines.at(-1)?.state.occupants).toEqual([ann.id, bob.id])
    await give(b, 1, false)
    await phase(a, 'reveal')
    expect(await pointsOn(a)).toBeGreaterThan(points)
  }, 120_000)
})
