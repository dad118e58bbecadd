import { expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { entryOf } from '../../shared/quiz/table.ts'
import { ANSWERS, isGiven, NINE, option, sendAnswer } from '../kit/quiz-answers.ts'
import { control, friendsPlaying, logged, useQuizSite } from '../kit/quiz-site.ts'
import { until } from '../kit/until.ts'

const site = await useQuizSite(import.meta.path)

const at = (page: Page, question: number, phase: string) =>
  page.waitForSelector(`[data-testid=quiz][data-question="${question}"][data-phase=${phase}]`)
const tone = async (page: Page) => page.getByTestId('verdict').getAttribute('data-tone')
const bar = (page: Page, text: string) => page.locator(`[data-bar="${text}"]`)
/** From the reveal over the standings to what comes next. */
const goOn = async (page: Page, question: number) => {
  await control(page, 'next')
  await at(page, question, 'scoreboard')
  await control(page, 'next')
}

site.describe('the quiz of a room in Chromium', () => {
  test('a card of each type is answered and revealed: right, wrong, and what is neither', async () => {
    await using playing = await friendsPlaying(site, NINE)
    const { a, b, ann, bob, room } = playing
    await control(a, 'start')
    for (const [question, type] of (
      ['single', 'multiple', 'true-false', 'typed', 'ordering', 'slider'] as const
    ).entries()) {
      for (const page of [a, b]) await at(page, question, 'question')
      expect(await a.getByTestId('prompt').innerText()).toBe(`The ${type} card`)
      await ANSWERS[type].right(a)
      await sendAnswer(a)
      await isGiven(a)
      await b.getByText('1 of 2 answered').waitFor()
      await ANSWERS[type].wrong(b)
      await sendAnswer(b)
      for (const page of [a, b]) await at(page, question, 'reveal')
      expect([type, await tone(a), await tone(b)]).toEqual([type, 'right', 'wrong'])
      await goOn(a, question)
    }
    const { game: played } = await logged(
      site.server().foyer,
      room,
      'six questions',
      (state) => state.game?.asked.length === 7,
    )
    const marks = (user: string) => (played === null ? [] : (entryOf(played.players, user)?.marks ?? []))
    expect(marks(ann.id).map((mark) => mark?.credit)).toEqual([1, 1, 1, 1, 1, 1])
    expect(marks(bob.id).map((mark) => mark?.credit)).toEqual([0, 0, 0, 0, 0, 0])

    await at(a, 6, 'question')
    await option(a, 'tea').click()
    await sendAnswer(a)
    await at(b, 6, 'question')
    await option(b, 'tea').click()
    await sendAnswer(b)
    await at(a, 6, 'reveal')
    expect(await tone(a)).toBe('neutral')
    expect((await bar(a, 'tea').innerText()).replaceAll(/\s+/g, ' ')).toContain('2 100 %')
    await goOn(a, 6)

    await at(a, 7, 'question')
    await a.getByText('It is shown next.').waitFor()
    await control(a, 'skip')
    await a.getByText('the other side').waitFor()
    await option(a, 'Well').click()
    await sendAnswer(a)
    await at(b, 7, 'reveal')
    await option(b, 'Not at all').click()
    await sendAnswer(b)
    await a.getByText('2 of 2 answered').waitFor()
    await control(a, 'next')
    await at(b, 7, 'scoreboard')
    await b.getByText('The last question again').click()
    await b.getByText('Next time, then.').waitFor()
    expect(await bar(b, 'Not at all').getAttribute('data-mine')).toBe('true')
    await control(a, 'next')

    await at(a, 8, 'question')
    expect(await a.getByTestId('answer').count()).toBe(0)
    await a.getByText('Read on').waitFor()
  })

  test('the reveal shows the key in the viewer`s order, the tally, the explanation and the points', async () => {
    await using playing = await friendsPlaying(site, NINE.slice(0, 1))
    const { a, b } = playing
    await control(a, 'start')
    await at(a, 0, 'question')
    const shown = (await a.getByTestId('options').locator('label').allInnerTexts()).map(
      (text) => text.split('\n').at(-1) ?? null,
    )
    await option(a, 'Paris').click()
    await sendAnswer(a)
    await option(b, 'Nice').click()
    await sendAnswer(b)
    await at(a, 0, 'reveal')
    const bars = a.getByTestId('bars').locator('li')
    expect(await bars.evaluateAll((lines) => lines.map((line) => line.getAttribute('data-bar')))).toEqual(shown)
    expect(await bar(a, 'Paris').getAttribute('data-right')).toBe('true')
    expect(await bar(a, 'Nice').getAttribute('data-right')).toBe('false')
    expect(await bar(b, 'Nice').getAttribute('data-mine')).toBe('true')
    expect(await bar(a, 'Lyon').innerText()).toContain('0 %')
    await a.getByTestId('explanation').getByText('Because of the Seine.').waitFor()
    expect(await a.getByTestId('verdict').innerText()).toMatch(/^Right!\s*\+(?:\d{3}|1,000) points$/)
  })

  test('what is right is nowhere on the page before the reveal', async () => {
    await using playing = await friendsPlaying(site, NINE.slice(3, 4))
    const { a } = playing
    await control(a, 'start')
    await at(a, 0, 'question')
    expect(await a.content()).not.toContain('Tallinn')
  })

  for (const [type, isShown] of [
    ['single', (page: Page) => page.locator('[data-chosen=true]', { hasText: 'Paris' })],
    ['ordering', (page: Page) => page.getByTestId('ordering').locator('li').first().filter({ hasText: 'ant' })],
    ['typed', (page: Page) => page.locator('input[value=talinn][readonly]')],
  ] as const)
    test(`an answer (${type}) stays over a reload in the question, as it was given, and cannot be given again`, async () => {
      await using playing = await friendsPlaying(
        site,
        NINE.filter((card) => card.type === type),
      )
      const { a } = playing
      await control(a, 'start')
      await at(a, 0, 'question')
      await ANSWERS[type].right(a)
      await sendAnswer(a)
      await isGiven(a)
      for (let i = 0; i < 2; i++) {
        await a.reload()
        await isGiven(a)
        await isShown(a).waitFor()
        await a.getByText('Your answer is in.').waitFor()
        expect(await a.getByRole('button', { name: 'Send answer' }).count()).toBe(0)
      }
    })

  test('digits choose and Enter sends, from anywhere but where somebody types', async () => {
    await using playing = await friendsPlaying(site, NINE.slice(0, 2))
    const { a, b } = playing
    await control(a, 'start')
    await at(a, 0, 'question')
    await a.getByLabel('Message', { exact: true }).focus()
    await a.keyboard.type('3')
    expect(await a.locator('[data-chosen=true]').count()).toBe(0)
    await a.getByTestId('title').focus()
    await a.keyboard.press('3')
    expect(await a.locator('[data-option="2"]').getAttribute('data-chosen')).toBe('true')
    await a.keyboard.press('Enter')
    await isGiven(a)
    await b.keyboard.press('1')
    await b.keyboard.press('Enter')
    await at(a, 0, 'reveal')
    await goOn(a, 0)
    await at(b, 1, 'question')
    await b.keyboard.press('2')
    await b.keyboard.press('4')
    await b.keyboard.press('2')
    await b.keyboard.press('1')
    expect(
      await b.locator('[data-chosen=true]').evaluateAll((all) => all.map((one) => one.getAttribute('data-option'))),
    ).toEqual(['0', '3'])
  })

  test('an order is made by the arrow keys, and by dragging', async () => {
    await using playing = await friendsPlaying(
      site,
      NINE.filter(({ type }) => type === 'ordering'),
    )
    const { a } = playing
    await control(a, 'start')
    await at(a, 0, 'question')
    const items = () => a.getByTestId('ordering').locator('li').locator('span:nth-child(2)').allInnerTexts()
    const [first, second, third, fourth] = await items()
    await a.getByRole('button', { name: `Move ${first} down` }).focus()
    await a.keyboard.press('ArrowDown')
    await until(async () => Bun.deepEquals(await items(), [second, first, third, fourth]), { what: 'one down' })
    await a.keyboard.press('ArrowDown')
    await until(async () => Bun.deepEquals(await items(), [second, third, first, fourth]), {
      what: 'the same down again',
    })
    const lines = a.getByTestId('ordering').locator('li')
    await lines.nth(3).dragTo(lines.nth(0))
    await until(async () => (await items())[0] === fourth, { what: 'the last one first' })
  })
})
