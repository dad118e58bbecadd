import { afterAll, afterEach, beforeAll, describe, expect } from 'bun:test'
import type { Browser, BrowserContext, ConsoleMessage, Page } from 'playwright-core'
import { findBrowser, launchBrowser } from './browser.ts'
import { type TestDatabase, useDatabase } from './mongo.ts'
import { type StartedServer, startServer } from './server.ts'

export interface VisitOptions {
  /** Runs in the page before its own scripts. */
  init?: () => void
  /** Another window of this visitor: shares its storage. */
  context?: BrowserContext
  /** Where the site is, if its network or server may fail; absent: the file's own server, and any failure fails the test. */
  origin?: string
}

/** The demo site on a server of this file's own, and a browser to visit it with. */
export interface Site {
  /** `describe`, skipped with the reason where there is no browser. */
  describe: (title: string, tests: () => void) => void
  db: TestDatabase['db']
  server: () => StartedServer
  /** A visitor with a browser context of their own, closed after the test. */
  visit: (path: string, options?: VisitOptions) => Promise<Page>
}

/** Chromium's own note of a refused call: the page has to say it in its own words, which is what the tests look at. */
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d/

/** What the network does to a page whose server is away. */
const OUTAGE = /net::ERR_|WebSocket connection to .* failed/

/** Starts server and browser for the file. A page error or console error fails the test that it happens in. */
export async function useSite(file: string, env: Record<string, string> = {}): Promise<Site> {
  const { url, db } = useDatabase(file)
  const found = await findBrowser()
  const contexts = new Set<BrowserContext>()
  const errors: string[] = []
  let browser: Browser | undefined
  let server: StartedServer | undefined
  const running = () => {
    if (server === undefined) throw new Error('the server runs within the tests only')
    return server
  }

  beforeAll(async () => {
    if ('reason' in found) return
    server = await startServer({ url, env, demo: true })
    browser = await launchBrowser(found.path)
  })
  afterEach(async () => {
    await Promise.all([...contexts].map((context) => context.close()))
    contexts.clear()
    expect(errors.splice(0)).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
  })

  const onConsole = (known: readonly RegExp[]) => (message: ConsoleMessage) => {
    if (message.type() !== 'error' || known.some((pattern) => pattern.test(message.text()))) return
    errors.push(`console: ${message.text()}`)
  }
  const visit = async (path: string, { init, context: given, origin }: VisitOptions = {}) => {
    const context = given ?? (await browser?.newContext())
    if (context === undefined) throw new Error('the browser runs within the tests only')
    contexts.add(context)
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    page.on('pageerror', (error) => errors.push(`page: ${error.message}`))
    page.on('console', onConsole(origin === undefined ? [REFUSED] : [REFUSED, OUTAGE]))
    if (init !== undefined) await page.addInitScript(init)
    await page.goto(`${origin ?? running().url}${path}`)
    return page
  }

  return {
    describe: 'reason' in found ? (title, tests) => describe.skip(`${title} (${found.reason})`, tests) : describe,
    db,
    server: running,
    visit,
  }
}
