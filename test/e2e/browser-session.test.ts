import { expect, test } from 'bun:test'
import type { BrowserContext, Page } from 'playwright-core'
import { joinSession } from '../../client/index.ts'
import { received } from '../kit/channel.ts'
import { hear, reach, say, textOf } from '../kit/chat.ts'
import { useSite } from '../kit/site.ts'
import { until } from '../kit/until.ts'
import { Werift } from '../kit/werift.ts'

const site = await useSite(import.meta.path)

interface Hosting {
  asks?: boolean
  visibility?: 'Public' | 'Private'
  password?: string
}

/** Alice's page, once her session is open. */
async function host(name: string, { asks = false, visibility = 'Public', password = '' }: Hosting = {}): Promise<Page> {
  const page = await site.visit('/session')
  const form = page.getByTestId('host-form')
  await form.getByLabel('Your name').fill('Alice')
  await form.getByLabel('Session name').fill(name)
  await form.getByLabel('Password').fill(password)
  await form.getByLabel(visibility).check()
  await form.getByLabel('Ask me').setChecked(asks)
  await form.getByRole('button', { name: 'Host' }).click()
  await reach(page, 'host', 'open')
  return page
}

interface Joining {
  password?: string
  context?: BrowserContext
}

/** A page that asks to join. */
async function ask(session: string, person: string, { password = '' }: Joining = {}): Promise<Page> {
  const page = await site.visit(`/session?${new URLSearchParams({ name: session })}`)
  const form = page.getByTestId('join-form')
  await form.getByLabel('Your name').fill(person)
  await form.getByLabel('Password').fill(password)
  await form.getByRole('button', { name: 'Join' }).click()
  return page
}

const person = (page: Page, client: string, state: string) =>
  page.waitForSelector(`[data-client=${client}][data-state=${state}]`, { timeout: 20_000 })

const program = (name: string, clientName: string) =>
  joinSession({ url: site.server().url, RTCPeerConnection: Werift, iceServers: [], name, clientName })

site.describe('the demo site`s hosted session in Chromium', () => {
  test('the list shows public sessions as they come and go, and no private one', async () => {
    const visitor = await site.visit('/session')
    await reach(visitor, 'list', 'empty')
    await host('hidden', { visibility: 'Private' })
    const alice = await host('open house')
    await visitor.locator('[data-session="open house"]').waitFor()
    expect(await textOf(visitor, 'list')).toContain('Alice, 0 of 8 seats taken')
    expect(await textOf(visitor, 'list')).not.toContain('hidden')
    await visitor.getByLabel('Filter').fill('nothing like it')
    await visitor.getByText('No session fits the filter.').waitFor()
    await visitor.getByLabel('Filter').fill('HOUSE')
    await visitor.getByRole('button', { name: 'Choose open house' }).click()
    expect(await visitor.getByTestId('join-form').getByLabel('Session name').inputValue()).toBe('open house')
    await alice.getByRole('button', { name: 'End session' }).click()
    await reach(visitor, 'list', 'empty')
  })

  test('a host accepts a browser and a program (werift), and all three talk', async () => {
    const alice = await host('table', { asks: true })
    const bob = await ask('table', 'Bob')
    await alice.getByRole('button', { name: 'Accept Bob' }).click()
    const joining = program('table', 'Wera')
    await alice.getByRole('button', { name: 'Accept Wera' }).click()
    const wera = await joining
    const words = received(wera.channel)
    await Promise.all([reach(bob, 'guest', 'open'), person(alice, 'Bob', 'open'), person(alice, 'Wera', 'open')])

    await say(bob, 'evening')
    await hear(alice, 'evening', 'Bob')
    await until(() => words.includes('{"from":"Bob","text":"evening"}'), { what: 'the program hears Bob' })
    wera.channel.send('{"from":"Alice","text":"I am not Alice"}')
    await hear(alice, 'I am not Alice', 'Wera')
    await hear(bob, 'I am not Alice', 'Wera')
    await say(alice, 'welcome')
    await hear(bob, 'welcome', 'Alice')
    expect(await textOf(alice, 'server')).toBe('2 of 8 seats taken.')
    await wera.leave()
    await alice.waitForSelector('[data-client=Wera]', { state: 'detached' })
  })

  test('a declined, a mistaken and a late visitor are told in plain words', async () => {
    const alice = await host('locked', { asks: true, visibility: 'Private', password: 'sesame' })
    const wrong = await ask('locked', 'Mallory', { password: 'guess' })
    await reach(wrong, 'guest', 'ended')
    expect(await textOf(wrong, 'over')).toContain('The password is not right.')
    const right = await ask('locked', 'Bob', { password: 'sesame' })
    await alice.getByRole('button', { name: 'Decline Bob' }).click()
    await reach(right, 'guest', 'ended')
    expect(await textOf(right, 'over')).toContain('The host declined your request.')
    await alice.getByRole('button', { name: 'End session' }).click()
    await reach(alice, 'host', 'over')
    const late = await ask('locked', 'Late', { password: 'sesame' })
    await reach(late, 'guest', 'ended')
    expect(await textOf(late, 'over')).toContain('There is no session of this name')
  })
})

site.describe('over reloads and ends of pages, a hosted session', () => {
  test('is taken over by its reloaded host, and its clients are connected again without being asked about', async () => {
    const alice = await host('durable', { asks: true })
    const bob = await ask('durable', 'Bob')
    await alice.getByRole('button', { name: 'Accept Bob' }).click()
    await person(alice, 'Bob', 'open')
    await alice.reload()
    await reach(alice, 'host', 'open')
    expect(await textOf(alice, 'takeover')).toContain('has taken the session over')
    await person(alice, 'Bob', 'open')
    await reach(bob, 'guest', 'open')
    await say(bob, 'still here')
    await hear(alice, 'still here', 'Bob')
    await say(alice, 'so am I')
    await hear(bob, 'so am I', 'Alice')
  })

  test('gives a reloaded client its seat again', async () => {
    const alice = await host('returning')
    const bob = await ask('returning', 'Bob')
    await reach(bob, 'guest', 'open')
    await bob.reload()
    await bob.getByTestId('takeover').waitFor()
    await reach(bob, 'guest', 'open')
    await say(bob, 'back again')
    await hear(alice, 'back again', 'Bob')
    expect(await textOf(alice, 'server')).toBe('1 of 8 seats taken.')
  })

  test('keeps the seat of a guest whose page was killed, until the host drops it', async () => {
    const alice = await host('patient')
    const bob = await ask('patient', 'Bob')
    await person(alice, 'Bob', 'open')
    await bob.context().close()
    await person(alice, 'Bob', 'restarting')
    const taken = await ask('patient', 'Bob')
    await reach(taken, 'guest', 'ended')
    expect(await textOf(taken, 'over')).toContain('has your name already')
    await alice.getByRole('button', { name: 'Drop Bob' }).click()
    await alice.waitForSelector('[data-client=Bob]', { state: 'detached' })
    await taken.getByRole('button', { name: 'Back to the sessions' }).click()
    await taken.getByTestId('join-form').getByLabel('Your name').fill('Bob')
    await taken.getByTestId('join-form').getByRole('button', { name: 'Join' }).click()
    await reach(taken, 'guest', 'open')
  })
})
