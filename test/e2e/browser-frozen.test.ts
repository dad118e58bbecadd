import { expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { hear, reach, say, textOf } from '../kit/chat.ts'
import { useSite } from '../kit/site.ts'
import { until } from '../kit/until.ts'

// Short, so that a host is asked several times and a freeze outlasts the expiry within seconds.
const EXPIRY = { MAILBOX_MAX_WAIT_MS: '1300', MAILBOX_EXPIRY_MS: '3000' }
const site = await useSite(import.meta.path, EXPIRY)

const reached = (page: Page, state: string) => reach(page, 'meet', state)
const offerOf = (room: string) => site.db.collection('offers').findOne({ room, live: true })

async function join(room: string, init?: () => void): Promise<Page> {
  const page = await site.visit(`/meet?room=${room}`, init === undefined ? {} : { init })
  await page.getByRole('button', { name: 'Join' }).click()
  return page
}

/**
 * What Chromium does to the timers of a page that was hidden for five minutes: they fire once a minute. By hand, from the
 * moment that `hide` is called: its own throttling cannot be asked for (a headless page is never hidden, and with a
 * connection it would be exempt), and CPU throttling slows a page down but wakes its timers all the same.
 */
function onceAMinute() {
  const real = globalThis.setTimeout
  const wait = (ms: number) => (document.documentElement.dataset.hidden === 'true' ? Math.max(ms, 60_000) : ms)
  const slow = (handler: TimerHandler, ms = 0, ...rest: unknown[]) => real(handler, wait(ms), ...rest)
  globalThis.setTimeout = Object.assign(slow, real)
}
const hide = (page: Page) => page.evaluate(() => void (document.documentElement.dataset.hidden = 'true'))

/**
 * Stops every line of the page's script, as freezing does: no timer fires, no reply is read. By the debugger, since
 * Page.setWebLifecycleState works on hidden pages only.
 */
async function freeze(page: Page) {
  const cdp = await page.context().newCDPSession(page)
  const paused = new Promise((resolve) => cdp.once('Debugger.paused', resolve))
  await cdp.send('Debugger.enable')
  await cdp.send('Debugger.pause')
  await paused
  return { thaw: () => cdp.send('Debugger.disable') }
}

const keeps = async (page: Page) => Number(/mailbox\.keep × (\d+)/.exec(await textOf(page, 'steps'))?.[1] ?? 0)

site.describe('a host waiting in a hidden tab', () => {
  test('keeps its room with timers that fire once a minute, and gets its guest', async () => {
    const host = await join('throttled', onceAMinute)
    await reached(host, 'waiting')
    await hide(host)
    const before = (await offerOf('throttled'))?._id
    await until(async () => (await keeps(host)) >= 3, { what: 'the host keeps its room', deadlineMs: 10_000 })
    const guest = await join('throttled')
    await Promise.all([reached(host, 'open'), reached(guest, 'open')])
    expect((await site.db.collection('offers').findOne({ room: 'throttled' }))?._id).toBe(before)
    await say(host, 'awake')
    await hear(guest, 'awake')
  })

  test('loses its room to the clock while the page is frozen, and revives it on thaw', async () => {
    const host = await join('frozen')
    await reached(host, 'waiting')
    const before = await offerOf('frozen')
    const { thaw } = await freeze(host)
    const expired = async () => {
      const offer = await offerOf('frozen')
      return offer !== null && offer.expiresAt < new Date()
    }
    await until(expired, { what: 'the frozen host`s offer expires', deadlineMs: 10_000 })
    await thaw()
    await until(async () => !(await expired()), { what: 'the host revives its room' })
    expect((await offerOf('frozen'))?._id).toEqual(before?._id)
    const guest = await join('frozen')
    await Promise.all([reached(host, 'open'), reached(guest, 'open')])
    expect(await textOf(host, 'role')).toContain('host')
    await say(guest, 'thawed')
    await hear(host, 'thawed')
  })
})
