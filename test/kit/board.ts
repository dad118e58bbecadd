import type { Page } from 'playwright-core'
import { type Board, boardSchema } from '../../client/demo/board/data.ts'
import { pathOf, SIZE } from '../../client/demo/board/drawing/line.ts'
import { boardIn } from '../../client/demo/board/place.ts'
import { reach } from './chat.ts'
import { roomLog } from './room-log.ts'
import type { Site, VisitOptions } from './site.ts'
import { until } from './until.ts'

/** A person's page, once their new board is open. */
export async function makeBoard(site: Site, name: string, options: VisitOptions = {}): Promise<Page> {
  const page = await site.visit('/board', options)
  const form = page.getByTestId('create-form')
  await form.getByLabel('Your name').fill(name)
  await form.getByLabel('Board’s name').fill(`The board of ${name}`)
  await form.getByRole('button', { name: 'Create' }).click()
  await reach(page, 'board', 'open')
  return page
}

/** The page of somebody who follows a link, as far as the press of the button. */
export async function follow(site: Site, room: string, { name, ...options }: VisitOptions & { name: string }) {
  const page = await site.visit(`/board#${room}`, options)
  const form = page.getByTestId('open-form')
  await form.getByLabel('Your name').fill(name)
  await form.getByRole('button', { name: 'Open' }).click()
  return page
}

/** The same, once the board is open and its owner sees who came. */
export async function join(site: Site, host: Page, { name, ...options }: VisitOptions & { name: string }) {
  const page = await follow(site, roomOf(host), { name, ...options })
  await reach(page, 'board', 'open')
  await person(host, name, 'here')
  return page
}

/** Two people on one new board, both of whom see each other. */
export async function pairOn(site: Site, options: VisitOptions = {}) {
  const alice = await makeBoard(site, 'Alice', options)
  const bob = await join(site, alice, { name: 'Bob' })
  // By the stream, which may open after the board has: only with it is he told why he is out, for instance.
  await person(bob, 'Alice', 'here')
  return { alice, bob, room: roomOf(alice) }
}

/** A board as its log in MongoDB says. */
export const boardOf = async (site: Site, room: string): Promise<Board> =>
  boardSchema.parse((await roomLog(site.db, room)).state.data)

export const person = (page: Page, name: string, state: 'here' | 'away') =>
  page.waitForSelector(`[data-person="${name}"][data-state=${state}]`)

/** The id in the page's address. */
export function roomOf(page: Page): string {
  const room = boardIn(page.url())
  if (room === null) throw new Error(`no board at ${page.url()}`)
  return room
}

/** Moves the mouse over the drawing, in its own units, with the button down: a line of a few points. */
export async function drag(page: Page, way: readonly (readonly [x: number, y: number])[]): Promise<void> {
  const box = await page.getByTestId('surface').boundingBox()
  if (box === null) throw new Error('the drawing is not to be seen')
  for (const [nth, [x, y]] of way.entries()) {
    await page.mouse.move(box.x + (x / SIZE.width) * box.width, box.y + (y / SIZE.height) * box.height)
    if (nth === 0) await page.mouse.down()
  }
}

/** A stroke that is drawn and done. */
export async function stroke(page: Page, way: readonly (readonly [x: number, y: number])[]): Promise<void> {
  await drag(page, way)
  await page.mouse.up()
}

export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** Types into a cell, `nth` row from 0, and leaves it. */
export async function type(page: Page, nth: number, [column, text]: readonly [string, string]): Promise<void> {
  const cell = page.getByLabel(`${column}, row ${nth + 1}`, { exact: true })
  await cell.fill(text)
  await cell.press('Enter')
}

/** What somebody sees of a board's data. */
export interface Shown {
  /** Ids and paths, in order. */
  strokes: readonly string[]
  /** Ids and cells, in order. */
  rows: readonly string[]
  count: string
}

/** What this page shows. */
export const shownOn = (page: Page): Promise<Shown> =>
  page.evaluate(() => ({
    strokes: [...document.querySelectorAll('.surface > .stroke')].map(
      (line) => `${line.getAttribute('data-stroke')} ${line.getAttribute('d')}`,
    ),
    rows: [...document.querySelectorAll('[data-row]')].map((row) =>
      [row.getAttribute('data-row'), ...[...row.querySelectorAll('input')].map(({ value }) => value)].join(' | '),
    ),
    count: document.querySelector('[data-testid=count]')?.textContent ?? '',
  }))

/** What data is to look like. */
export const shownOf = ({ strokes, rows, count }: Board): Shown => ({
  strokes: strokes.map(({ id, points }) => `${id} ${pathOf(points)}`),
  rows: rows.map(({ id, task, who, due }) => [id, task, who, due].join(' | ')),
  count: String(count),
})

/** Waits until the page shows something, which a test says by what is shown. */
export const shows = (page: Page, what: string, condition: (shown: Shown) => boolean) =>
  until(async () => condition(await shownOn(page)), { what, deadlineMs: 20_000 })

/** Waits until nothing of the page's own waits for the server. */
export const saved = (page: Page) =>
  page.waitForSelector('[data-testid=server][data-state=online][data-pending="0"]', { timeout: 20_000 })
