import { expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { readDeck } from '../../shared/deck/json.ts'
import { importCards } from '../../shared/deck/import.ts'
import { SAMPLE } from '../../client/demo/quiz/deck/sample.ts'
import { reach } from '../kit/chat.ts'
import { atHome, goHome, press, roomOn, says } from '../kit/quiz-home.ts'
import { useSite } from '../kit/site.ts'

const site = await useSite(import.meta.path)

const KINDS = ['info', 'single', 'multiple', 'true-false', 'typed', 'ordering', 'slider', 'poll', 'flash-card']

/** The kinds of the cards that the page lists, in order. */
const kindsOn = (page: Page) =>
  page.locator('[data-card]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-type')))
const cards = (page: Page, count: number) =>
  page.waitForFunction((n) => document.querySelectorAll('[data-card]').length === n, count)

/** The text of a file that a button of the page gives. */
async function downloaded(page: Page, button: string) {
  const [file] = await Promise.all([page.waitForEvent('download'), press(page, button)])
  const chunks = await Array.fromAsync(await file.createReadStream())
  return { name: file.suggestedFilename(), text: Buffer.concat(chunks).toString() }
}

async function sample(page: Page): Promise<void> {
  await press(page, 'Make a sample')
  await cards(page, KINDS.length)
}

site.describe('decks on the demo site', () => {
  test('a deck is made, and cards of all kinds in its form; a reload has them all', async () => {
    const page = await atHome(site, 'Ada')
    await page.getByLabel('New deck').fill('Capitals')
    await press(page, 'Create')
    const form = page.getByTestId('add-card')
    const add = async (kind: string, prompt: string, rest: () => Promise<void>) => {
      await form.getByLabel('Kind').selectOption(kind)
      await form.getByLabel(kind === 'flash-card' ? 'Front' : kind === 'info' ? 'Text' : 'Question').fill(prompt)
      await rest()
      const before = await page.locator('[data-card]').count()
      await press(page, 'Add card')
      await cards(page, before + 1)
    }
    const options = async (name: string, texts: readonly string[]) => {
      for (const [at, text] of texts.entries()) await form.getByLabel(`${name} ${at + 1}`, { exact: true }).fill(text)
    }
    await add('info', 'Hello', async () => {})
    await add('single', 'Of Peru?', async () => {
      await options('Option', ['Lima', 'Quito'])
      await form.getByLabel('Option 1 is right').check()
    })
    await add('multiple', 'Of two countries?', async () => {
      await press(page, 'Add a line')
      await options('Option', ['Rome', 'Bern', 'Paris'])
      await form.getByLabel('Option 3 is right').check()
    })
    await add('true-false', 'Bern is a capital.', async () => {})
    await add('typed', 'Of Spain?', () => form.getByLabel('Accepted answers').fill('Madrid\nla capital'))
    await add('ordering', 'From north to south', () => options('Line', ['Oslo', 'Rome']))
    await add('slider', 'How many?', () => form.getByLabel('Right is').fill('27'))
    await add('poll', 'Which do you like?', () => options('Line', ['Lima', 'Oslo']))
    await add('flash-card', 'Chile', () => form.getByLabel('Back').fill('Santiago'))
    await page.reload()
    await cards(page, KINDS.length)
    expect(await kindsOn(page)).toEqual(KINDS)
    expect(await page.locator('[data-card]').allInnerTexts()).toContainEqual(expect.stringContaining('Rome, Paris'))
  })

  test('a card is edited, moved and removed; what is not right about it is said, and changes nothing', async () => {
    const page = await atHome(site, 'Ada')
    await sample(page)
    await press(page, 'Edit card 2')
    const form = page.getByRole('form', { name: 'Card 2' })
    await form.getByLabel('Option 1', { exact: true }).fill('Jupiter')
    await press(page, 'Save card')
    await page.getByRole('alert').getByText('The options has the same text twice.').waitFor()
    await form.getByLabel('Option 1', { exact: true }).fill('Venus')
    await form.getByLabel('Option 1 is right').check()
    await press(page, 'Save card')
    await page.locator('[data-card=planet]', { hasText: 'Single choice · Venus' }).waitFor()
    await press(page, 'Move card 2 down')
    await page.waitForFunction(
      () => document.querySelectorAll('[data-card]')[2]?.getAttribute('data-card') === 'planet',
    )
    await press(page, 'Remove card 1')
    await cards(page, KINDS.length - 1)
    await page.reload()
    await cards(page, KINDS.length - 1)
    expect((await kindsOn(page)).slice(0, 2)).toEqual(['multiple', 'single'])
  })

  test('a file with bad rows brings the good ones, and says of each bad one what is wrong', async () => {
    const page = await atHome(site, 'Ada')
    await sample(page)
    const upload = async (name: string, text: string) => {
      await page.getByLabel('File').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
      await press(page, 'Import')
    }
    await upload(
      'more.csv',
      'type,prompt,options,answer\nsingle,Good?,a|b,1\nsingle,Bad?,a|b,9\ntyped,Also good?,,yes\n',
    )
    await says(page, 'report', '2 cards are in the deck now. One row was left out:')
    expect(await page.getByTestId('report').getByRole('row').allInnerTexts()).toEqual([
      'Row\tWhat is wrong',
      '3\tkey: is no position of an option',
    ])
    await cards(page, KINDS.length + 2)
    await upload('terms.txt', 'hund\tdog\nkatze\tcat\n')
    await says(page, 'report', '2 cards are in the deck now.')
    await cards(page, KINDS.length + 4)
    await upload('broken.apkg', 'this is no package')
    await page.getByRole('alert').getByText('This file cannot be read as what it is said to be.').waitFor()
    await upload('broken.json', '{}')
    await page.getByRole('alert').getByText('This file cannot be read as what it is said to be.').waitFor()
    expect(await page.locator('[data-card]').count()).toBe(KINDS.length + 4)
  })

  test('a deck is had as JSON and as CSV, from which the same cards come back', async () => {
    const page = await atHome(site, 'Ada')
    await sample(page)
    const json = await downloaded(page, 'JSON')
    expect(json.name).toBe('A little of everything.json')
    const { deck, errors } = readDeck(json.text)
    expect(errors).toEqual([])
    expect(deck).toMatchObject({ title: SAMPLE.title, description: SAMPLE.description, cards: SAMPLE.cards })
    const csv = await downloaded(page, 'CSV')
    expect(csv.name).toBe('A little of everything.csv')
    const back = importCards({ text: csv.text, format: 'table', as: 'typed' })
    expect(back.errors).toEqual([])
    expect(back.cards).toEqual(deck.cards.map(({ id: _, ...card }) => card))
  })

  test('a private deck is nobody else`s; a public one is listed, and shows others what it asks without what is right', async () => {
    const [ada, bob] = await Promise.all([atHome(site, 'Ada'), atHome(site, 'Bob')])
    await sample(ada)
    await bob.goto(ada.url())
    await bob.getByRole('alert').getByText('There is no such deck, or it is not shared with you.').waitFor()
    const title = `For everybody ${crypto.randomUUID()}`
    const settings = ada.getByTestId('settings')
    await settings.getByLabel('Title').fill(title)
    await settings.getByLabel('Who sees it').selectOption('public')
    await press(ada, 'Save')
    await settings.getByRole('button', { name: 'Saved' }).waitFor()
    await goHome(site, bob)
    await press(bob, `Look at ${title}`)
    await bob.getByText('What is the capital of Portugal?').waitFor()
    expect(await bob.getByTestId('deck').innerText()).not.toMatch(/Lisbon|Jupiter/)
    expect(await bob.getByTestId('settings').count()).toBe(0)
    await press(ada, 'Delete deck')
    await press(ada, 'Delete for good')
    await ada.getByTestId('home').waitFor()
    await ada.getByText('You have no deck yet.').waitFor()
  })

  test('a deck is played alone from its page, and in its room, which others come to once it is open', async () => {
    const [ada, bob] = await Promise.all([atHome(site, 'Ada'), atHome(site, 'Bob')])
    await sample(ada)
    const address = ada.url()
    await ada.getByTestId('settings').getByLabel('Who sees it').selectOption('shared')
    await press(ada, 'Save')
    await ada.getByRole('button', { name: 'Saved' }).waitFor()
    await bob.goto(address)
    await press(bob, 'Go to its room')
    await bob.getByRole('alert').getByText('The owner of this deck has not opened its room.').waitFor()

    await goHome(site, ada)
    await press(ada, `Open the room of ${SAMPLE.title}`)
    const room = await roomOn(ada)
    await press(bob, 'Go to its room')
    expect(await roomOn(bob)).toBe(room)

    await bob.goto(address)
    await press(bob, 'Play alone')
    expect(await roomOn(bob)).not.toBe(room)
    await bob.reload()
    await reach(bob, 'quiz-room', 'open')
  })

  test('on a phone nothing is wider than the screen, and every field and button has a name', async () => {
    const page = await atHome(site, 'Ada')
    await page.setViewportSize({ width: 390, height: 800 })
    const faults = () =>
      page.evaluate(() => [
        ...(document.documentElement.scrollWidth > innerWidth ? ['too wide'] : []),
        ...[...document.querySelectorAll<HTMLInputElement>('input, select, textarea, button')]
          .filter((one) => !one.labels?.length && !one.ariaLabel && !one.textContent?.trim())
          .map((one) => one.outerHTML),
      ])
    expect(await faults()).toEqual([])
    await sample(page)
    await press(page, 'Edit card 7')
    expect(await faults()).toEqual([])
  })
})
