import type { Page } from 'playwright-core'
import type { Site, VisitOptions } from './site.ts'
import { until } from './until.ts'

/** The page of a new guest, who came to the quiz part of the site by this address. */
export async function enter(
  site: Site,
  name: string,
  { path = '/quiz', ...options }: VisitOptions & { path?: string } = {},
) {
  const page = await site.visit(path, options)
  await page.getByLabel('Your name').fill(name)
  await page.getByRole('button', { name: 'Come in' }).click()
  return page
}

/** The same, once they are at the start. */
export async function atHome(site: Site, name: string): Promise<Page> {
  const page = await enter(site, name)
  // By the stream of notifications, which opens after it was asked what there is.
  await page.getByTestId('inbox').getByText('Requests and invitations show here').waitFor()
  return page
}

export const goHome = async (site: Site, page: Page): Promise<void> => {
  await page.goto(`${site.server().url}/quiz`)
  await page.getByTestId('home').waitFor()
}

export const codeOn = (page: Page): Promise<string> => page.getByTestId('code').inputValue()

/** The user id of whose page it is. */
export const idOn = async (page: Page): Promise<string> => (await codeOn(page)).split(' ')[0] ?? ''

export const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) }).click()

/** Asks somebody by their code. */
export async function request(page: Page, code: string): Promise<void> {
  await page.getByLabel('Somebody’s code').fill(code)
  await press(page, 'Ask')
}

/** Waits until somebody is listed, with this status. */
export const friend = (page: Page, user: string, state: string) =>
  page.waitForSelector(`[data-friend="${user}"][data-state=${state}]`)

/** Waits until somebody is not listed. */
export const noFriend = (page: Page, user: string) =>
  page.waitForSelector(`[data-friend="${user}"]`, { state: 'detached' })

/** Two people at the start, friends of each other, each with their name for the other. */
export async function friendsAtHome(site: Site, names: readonly [string, string]) {
  const [one, other] = await Promise.all([atHome(site, names[0]), atHome(site, names[1])])
  await request(one, await codeOn(other))
  const id = await idOn(one)
  await friend(other, id, 'incoming')
  await press(other, /^Accept /)
  await Promise.all([friend(other, id, 'friends'), friend(one, await idOn(other), 'friends')])
  return { one, other }
}

/** Waits for the page of an open room, and gives the room's id. */
export async function roomOn(page: Page): Promise<string> {
  await page.waitForSelector('[data-testid=quiz-room][data-state=open]')
  return (await page.getByTestId('quiz-room').getAttribute('data-room')) ?? ''
}

/** The button that leads from a notification to where it is about. */
export const newsButton = (page: Page, kind: string) => page.locator(`[data-news="${kind}"]`).getByRole('button')

/** Waits until a part of the page says something. */
export const says = (page: Page, testid: string, text: string) =>
  until(async () => (await page.getByTestId(testid).innerText()).includes(text), {
    what: `${testid} says “${text}”`,
    deadlineMs: 10_000,
  })
