import { expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { meet } from '../../client/mailbox.ts'
import { received } from '../kit/channel.ts'
import { hear, reach, say, textOf } from '../kit/chat.ts'
import { useSite } from '../kit/site.ts'
import { until } from '../kit/until.ts'
import { Werift } from '../kit/werift.ts'

const site = await useSite(import.meta.path)

const reached = (page: Page, state: string) => reach(page, 'meet', state)

/** Holds a page's calls of one procedure back on their way to the server. */
async function hold(page: Page, procedure: string) {
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route(`**/trpc/${procedure}*`, (route) => promise.then(() => route.continue()))
  return { letThrough: resolve }
}

async function join(room: string): Promise<Page> {
  const page = await site.visit(`/meet?room=${room}`)
  await page.getByRole('button', { name: 'Join' }).click()
  return page
}

site.describe('the demo site`s mailbox room in Chromium', () => {
  test('two windows meet in a room by name, chat both ways, and one hears that the other left', async () => {
    const host = await join('kitchen')
    await reached(host, 'waiting')
    const guest = await join('kitchen')
    await Promise.all([reached(host, 'open'), reached(guest, 'open')])
    await say(host, 'hello from the host')
    await hear(guest, 'hello from the host')
    await say(guest, 'hello from the guest')
    await hear(host, 'hello from the guest')

    await guest.getByRole('button', { name: 'Leave' }).click()
    await reached(host, 'closed')
    expect(await textOf(host, 'log')).toContain('The other side left.')
  })

  test('each side shows its states, its requests, its role and the path it got', async () => {
    const host = await join('hall')
    await reached(host, 'waiting')
    const guest = await join('hall')
    await Promise.all([host, guest].map((page) => page.getByTestId('rtt').waitFor()))
    const states = (page: Page) => page.locator('.step').evaluateAll((all) => all.map((one) => one.dataset.state))
    expect(await states(host)).toEqual(['gathering', 'knocking', 'waiting', 'connecting', 'open'])
    expect(await states(guest)).toEqual(['gathering', 'knocking', 'answering', 'connecting', 'open'])
    expect(await textOf(host, 'role')).toContain('host')
    expect(await textOf(guest, 'role')).toContain('guest')
    expect(await textOf(guest, 'steps')).toMatch(/mailbox\.put 200 in [\d.]+ m?s[\s\S]*mailbox\.join 200 in/)
    expect(await textOf(guest, 'requests')).toContain('3')
    expect(await textOf(guest, 'pair')).toMatch(/here host udp .+:\d+\s+there (host|prflx) udp .+:\d+/)
    expect(await textOf(guest, 'rtt')).toMatch(/[\d.]+ ms/)
  })

  test('a third visitor is told that the room is full, and does not disturb the two who are still meeting', async () => {
    const host = await site.visit('/meet?room=porch')
    const answer = await hold(host, 'mailbox.keep')
    await host.getByRole('button', { name: 'Join' }).click()
    await reached(host, 'waiting')
    const guest = await join('porch')
    await reached(guest, 'connecting')

    const third = await join('porch')
    await reached(third, 'closed')
    answer.letThrough()
    await Promise.all([reached(host, 'open'), reached(guest, 'open')])
    expect(await textOf(third, 'status')).toContain('The room is full')
    await say(guest, 'just the two of us')
    await hear(host, 'just the two of us')
  })

  test('Chromium meets a program on Bun (werift), whoever hosts', async () => {
    const options = { url: site.server().url, RTCPeerConnection: Werift, iceServers: [] }
    for (const first of ['browser', 'program']) {
      const room = `mixed-${first}`
      const page = first === 'browser' ? await join(room) : null
      if (page !== null) await reached(page, 'waiting')
      const waiting = Promise.withResolvers<void>()
      const meeting = meet(room, { ...options, onState: ({ state }) => state === 'waiting' && waiting.resolve() })
      if (page === null) await waiting.promise
      const visitor = page ?? (await join(room))
      const { channel, role, close } = await meeting
      const words = received(channel)
      expect(role).toBe(first === 'browser' ? 'guest' : 'host')
      await reached(visitor, 'open')
      await say(visitor, 'from Chromium')
      await until(() => words.includes('from Chromium'), { what: 'the program hears the browser' })
      channel.send('from Bun')
      await hear(visitor, 'from Bun')
      close()
    }
  })

  test('a visitor who leaves gives the room back at once', async () => {
    const page = await join('attic')
    await reached(page, 'waiting')
    await page.getByRole('button', { name: 'Leave' }).click()
    await reached(page, 'closed')
    const held = () => site.db.collection('offers').countDocuments({ room: 'attic', live: true })
    await until(async () => (await held()) === 0, { what: 'the room is free' })
  })
})
