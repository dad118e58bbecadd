import type { Page } from 'playwright-core'
import { type Card, cardSchema, type CardType } from '../../shared/deck/cards.ts'

const card = (id: CardType, body: object): Card => cardSchema.parse({ id, type: id, prompt: `The ${id} card`, ...body })

const ITEMS = ['ant', 'cat', 'cow', 'whale']

/** One card of each type; options in an order of each player's own. */
export const NINE: readonly Card[] = [
  card('single', { options: ['Paris', 'Lyon', 'Nice'], key: 0, explanation: 'Because of the Seine.' }),
  card('multiple', { options: ['two', 'four', 'five', 'nine'], key: [0, 1], credit: 'partial' }),
  card('true-false', { key: true }),
  card('typed', { accepted: ['Tallinn', 'Reval'] }),
  card('ordering', { items: ITEMS }),
  card('slider', { min: 0, max: 100, step: 1, unit: 'kg', key: 40, tolerance: 5, reach: 25 }),
  card('poll', { options: ['tea', 'coffee'] }),
  card('flash-card', { back: 'the other side' }),
  card('info', {}),
]

/** Answers an open card as a person does. */
export type Answering = (page: Page) => Promise<void>

export const option = (page: Page, text: string) => page.getByTestId('options').getByText(text, { exact: true })
const pick =
  (...texts: readonly string[]): Answering =>
  async (page) => {
    for (const text of texts) await option(page, text).click()
  }
const write =
  (text: string): Answering =>
  (page) =>
    page.getByLabel('Your answer').fill(text)
const slide =
  (value: number): Answering =>
  (page) =>
    page.getByRole('slider').fill(String(value))

const placeOf = async (page: Page, item: string): Promise<number> => {
  const shown = await page.getByTestId('ordering').locator('li').allInnerTexts()
  return shown.findIndex((text) => text.includes(item))
}
/** Puts the items in this order, by their buttons. */
const order =
  (...items: readonly string[]): Answering =>
  async (page) => {
    for (const [place, item] of items.entries())
      for (let at = await placeOf(page, item); at > place; at--)
        await page.getByRole('button', { name: `Move ${item} up` }).click()
  }

/** For each type that is scored: a right answer and a wrong one. */
export const ANSWERS = {
  single: { right: pick('Paris'), wrong: pick('Lyon') },
  multiple: { right: pick('two', 'four'), wrong: pick('five') },
  'true-false': { right: pick('True'), wrong: pick('False') },
  typed: { right: write('talinn'), wrong: write('Riga') },
  ordering: { right: order(...ITEMS), wrong: order(...ITEMS.toReversed()) },
  slider: { right: slide(43), wrong: slide(99) },
} as const satisfies Partial<Record<CardType, Record<'right' | 'wrong', Answering>>>

export const sendAnswer = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Send answer' }).click()
}
/** Waits until the own answer counts. */
export const isGiven = (page: Page) => page.waitForSelector('[data-testid=answer][data-state=given]')
