import { expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { payloadSchema, type QuizPayload } from '../../shared/quiz/settings.ts'
import { ANSWERS, NINE, sendAnswer } from '../kit/quiz-answers.ts'
import { conduct, control, friendsPlaying, named, openRoom, phase, useQuizSite } from '../kit/quiz-site.ts'
import { until } from '../kit/until.ts'

const site = await useQuizSite(import.meta.path)
const single = NINE.filter(({ type }) => type === 'single')
const typed = NINE.filter(({ type }) => type === 'typed')

/** The controls that a page offers. */
const offered = async (page: Page) => {
  const buttons = await page
    .locator('[data-control]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-control')))
  const end = await page.getByRole('button', { name: 'End the round' }).count()
  const settings = await page.getByText('Settings of the rounds to come').count()
  return [...buttons, ...(end > 0 ? ['end'] : []), ...(settings > 0 ? ['configure'] : [])].join(' ')
}
const offers = (page: Page, wanted: string) =>
  until(async () => (await offered(page)) === wanted, { what: `the controls ${wanted}`, deadlineMs: 10_000 })

/** A deck's own room, with its owner's page and a visitor's. */
async function hosted(cards: typeof NINE, more: Partial<QuizPayload> = {}) {
  const [owner, guest] = [
    await named(site, `owner ${crypto.randomUUID()}`),
    await named(site, `guest ${crypto.randomUUID()}`),
  ]
  const { deck } = await owner.client.deck.create.mutate({ title: 'My deck', cards: [...cards] })
  const payload = payloadSchema.parse({ deck: deck.id, pace: 'host', questionMs: 600_000, ...more })
  const { room } = await owner.client.quiz.host.mutate({ payload })
  const conducting = await conduct(site.server().foyer, room, cards)
  const [a, b] = await Promise.all([openRoom(site, owner.id, room), openRoom(site, guest.id, room)])
  return { owner, guest, room, a, b, [Symbol.asyncDispose]: conducting[Symbol.asyncDispose] }
}

site.describe('a host in Chromium', () => {
  test('has the controls of each phase, and who does not host has none', async () => {
    await using playing = await hosted(single)
    const { a, b } = playing
    expect(await a.getByTestId('title').innerText()).toBe('My deck')
    await offers(a, 'start pause configure')
    await control(a, 'start')
    await phase(a, 'question')
    await offers(a, 'skip extend pause end')
    await control(a, 'pause')
    await b.getByTestId('paused').waitFor()
    await offers(a, 'resume extend end')
    await control(a, 'resume')
    await offers(a, 'skip extend pause end')
    await control(a, 'skip')
    await phase(a, 'reveal')
    await offers(a, 'next pause end')
    await control(a, 'next')
    await phase(a, 'scoreboard')
    await offers(a, 'next pause end')
    await control(a, 'next')
    await phase(a, 'end')
    await offers(a, 'start configure')
    expect(await offered(b)).toBe('')
    expect(await b.getByTestId('controls').count()).toBe(0)
    await control(a, 'start')
    await b.waitForSelector('[data-testid=quiz][data-round="2"]')
  })

  test('ends a round only when asked once more, and removes a visitor, who may come back', async () => {
    await using playing = await hosted(single)
    const { a, b, guest } = playing
    await control(a, 'start')
    await phase(b, 'question')
    await a.getByRole('button', { name: 'End the round' }).click()
    await a.getByRole('button', { name: 'Play on' }).click()
    await phase(a, 'question')
    await a.getByRole('button', { name: 'End the round' }).click()
    await a.getByRole('button', { name: 'End it' }).click()
    await phase(b, 'end')
    await a.getByRole('button', { name: `Remove ${guest.id} from the room` }).click()
    await b.getByTestId('over').getByText('You are not in this room any more.').waitFor()
    await a.locator(`[data-person="${guest.id}"]`).waitFor({ state: 'detached' })
    await b.getByRole('button', { name: 'Come in again' }).click()
    await a.locator(`[data-person="${guest.id}"]`).waitFor()
  })

  test('takes a typed answer as right after all, and its player is told so', async () => {
    await using playing = await friendsPlaying(site, typed)
    const { a, b } = playing
    await control(a, 'start')
    await phase(a, 'question')
    await ANSWERS.typed.right(a)
    await sendAnswer(a)
    await ANSWERS.typed.wrong(b)
    await sendAnswer(b)
    await b.locator('[data-testid=verdict][data-tone=wrong]').waitFor()
    await a.getByRole('button', { name: 'Accept “Riga” as right' }).click()
    await b.locator('[data-testid=verdict][data-tone=right]').waitFor()
    expect(await a.getByRole('button', { name: 'Accept “Riga” as right' }).count()).toBe(0)
  })

  test('gives more time, and changes the settings of the rounds to come', async () => {
    await using playing = await friendsPlaying(site, single, { questionMs: 30_000 })
    const { a, b } = playing
    await a.getByText('Settings of the rounds to come').click()
    await a.getByTestId('configure-form').getByLabel('To answer, s').fill('77')
    await a.getByRole('button', { name: 'Save settings' }).click()
    await b.getByText('77 s a question').waitFor()
    await control(b, 'start')
    await phase(a, 'question')
    const seconds = async () => Number(await a.getByTestId('countdown').locator('b').innerText())
    expect(await seconds()).toBeGreaterThan(60)
    await control(a, 'extend')
    await until(async () => (await seconds()) > 80, { what: 'more time' })
  })

  test('who came late looks on where the settings say so, and who stays silent is warned', async () => {
    const settings = { lateJoin: 'spectator', silentAfter: 1 } as const
    await using playing = await hosted([...single, ...NINE.slice(1, 3)], settings)
    const { a, b, room } = playing
    await control(a, 'start')
    await phase(b, 'question')
    const late = await named(site, `late ${crypto.randomUUID()}`)
    const c = await openRoom(site, late.id, room)
    await c.getByTestId('spectator').waitFor()
    expect(await c.getByRole('button', { name: 'Send answer' }).count()).toBe(0)
    await control(a, 'skip')
    await b.getByTestId('warned').waitFor()
    await b.getByText('You gave no answer.', { exact: true }).waitFor()
    for (const page of [a, c]) expect(await page.getByTestId('warned').count()).toBe(0)
    await control(a, 'next')
    await phase(a, 'scoreboard')
    await control(a, 'next')
    await phase(b, 'question')
    await control(a, 'skip')
    await b.getByTestId('over').waitFor()
    await phase(c, 'reveal')
  })
})
