import { join } from 'node:path'
import { expect } from 'bun:test'
import type { Page } from 'playwright-core'
import { useSite } from '../kit/site.ts'
import { JWT_SECRET, tokenOf } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'

export interface ReactVisit {
  user: string
  room: string
  /** Which components are there from the start, by their names in the page. */
  parts: string
  /** The room that the button `Other room` goes to. */
  other?: string
}

/** The page of the React tests on a real server, in a real browser; React's own complaints fail a test, too. */
export async function useReactSite(file: string, entry = 'react-page.tsx') {
  const site = await useSite(file, { JWT_SECRET, RATE_PER_USER: '0', RATE_PER_ROOM: '0' })
  const built = await Bun.build({
    entrypoints: [join(import.meta.dir, entry)],
    target: 'browser',
    define: { 'process.env.NODE_ENV': '"development"' },
  })
  const script = (await built.outputs[0]?.text()) ?? ''
  const html =
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script src="/react.js"></script>'

  /** Opens the page; `calls` are the procedures that it has asked for since. */
  const visit = async ({ user, ...query }: ReactVisit) => {
    const page = await site.visit('/health')
    const calls: string[] = []
    page.on('request', (request) => {
      const path = new URL(request.url()).pathname
      if (path.startsWith('/trpc/')) calls.push(...path.slice('/trpc/'.length).split(','))
    })
    await page.route('**/react-page?*', (route) => route.fulfill({ contentType: 'text/html', body: html }))
    await page.route('**/react.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }))
    const search = new URLSearchParams({ ...query, token: await tokenOf(user) })
    await page.goto(`${site.server().url}/react-page?${search}`)
    return { page, calls }
  }

  const streams = async () => (await site.server().foyer.metrics.streams.get()).values[0]?.value
  /** The server has exactly so many streams open. */
  const open = (count: number) =>
    until(async () => (await streams()) === count, { what: `${count} open streams`, deadlineMs: 15_000 })

  return { site, visit, open, url: () => site.server().url }
}

/** Waits until a component says exactly this. */
export async function says(page: Page, part: string, text: string): Promise<void> {
  const lines = page.getByTestId(part).locator('p, i')
  await until(async () => (await lines.allInnerTexts()).some((line) => line.trim() === text.trim()), {
    what: `${part} says: ${text}`,
    deadlineMs: 10_000,
  }).catch(async (error: unknown) => {
    throw new Error(`it says: ${(await lines.allInnerTexts()).join(' | ')}`, { cause: error })
  })
}

export const press = (page: Page, name: string, part?: string) =>
  (part === undefined ? page : page.getByTestId(part)).getByRole('button', { name, exact: true }).click()

export const countOf = (calls: readonly string[], path: string) => calls.filter((call) => call === path).length

/** What a component has put on the screen so far. */
export async function commits(page: Page): Promise<number> {
  const count = Number(await page.getByTestId('commits').textContent())
  expect(count).toBeGreaterThan(0)
  return count
}
