import { expect, test } from 'bun:test'
import { boardOf, drag, pairOn, press, saved, shownOf, shownOn, shows, stroke, type } from '../kit/board.ts'
import { reach, textOf } from '../kit/chat.ts'
import { useSite } from '../kit/site.ts'
import { startTcpProxy, targetOf } from '../kit/tcp-proxy.ts'

const site = await useSite(import.meta.path)
const CALLS = '**/trpc/**'

/** Alice, whose network may fail, and Bob, whose does not. */
async function pair() {
  const proxy = await startTcpProxy(targetOf(site.server().url))
  const { alice, bob, room } = await pairOn(site, { origin: proxy.url })
  const loseNetwork = async () => {
    await alice.context().setOffline(true)
    // Chromium's own switch lets go on what is open already.
    proxy.cutAll()
    await alice.waitForSelector('[data-testid=server][data-state=offline]')
  }
  const dispose = async () => {
    await alice.context().close()
    await proxy[Symbol.asyncDispose]()
  }
  return { alice, bob, room, loseNetwork, [Symbol.asyncDispose]: dispose }
}

site.describe('a board without the network', () => {
  test('takes edits, says how many wait, and brings them with what others did when it is back', async () => {
    await using kit = await pair()
    const { alice, bob, room, loseNetwork } = kit
    await loseNetwork()
    expect(await textOf(alice, 'server')).toContain('Offline. Go on')
    await stroke(alice, [
      [100, 100],
      [300, 200],
    ])
    await press(alice, 'One more')
    await press(alice, 'One more')
    expect(await textOf(alice, 'server')).toContain('Offline. 3 changes waiting in this tab')
    await stroke(bob, [
      [100, 400],
      [300, 500],
    ])
    await press(bob, 'One more')
    await saved(bob)
    expect(await shownOn(alice)).toMatchObject({ count: '2', strokes: { length: 1 } })
    await alice.context().setOffline(false)
    await shows(bob, 'her edits', ({ strokes, count }) => strokes.length === 2 && count === '3')
    await saved(alice)
    const shown = shownOf(await boardOf(site, room))
    for (const page of [alice, bob]) await shows(page, 'the data of the log', (now) => Bun.deepEquals(now, shown))
    await drag(bob, [
      [500, 300],
      [600, 400],
    ])
    await alice.locator('[data-cursor=Bob] .stroke').waitFor({ state: 'attached' })
  })

  test('tells which edit came to nothing, in plain words, and keeps the others', async () => {
    await using kit = await pair()
    const { alice, bob, room, loseNetwork } = kit
    await press(alice, 'Add row')
    await shows(bob, 'the row', ({ rows }) => rows.length === 1)
    await loseNetwork()
    await type(alice, 0, ['Task', 'Bring the lanterns'])
    await press(alice, 'One more')
    await press(bob, 'Remove row 1')
    await saved(bob)
    await alice.context().setOffline(false)
    await alice.getByText('Not done. Somebody else has removed what you changed.').waitFor({ timeout: 20_000 })
    await saved(alice)
    expect(await boardOf(site, room)).toMatchObject({ rows: [], count: 1 })
    expect(await shownOn(alice)).toMatchObject({ rows: [], count: '1' })
  })

  test('keeps what waits over a reload, and sends it once', async () => {
    await using kit = await pair()
    const { alice, bob, room, loseNetwork } = kit
    await loseNetwork()
    for (let i = 0; i < 4; i++) await press(alice, 'One more')
    await stroke(alice, [
      [100, 100],
      [300, 200],
    ])
    await stroke(alice, [
      [200, 100],
      [400, 200],
    ])
    const strokes = (await shownOn(alice)).strokes
    // The page itself may load; the service stays out of reach.
    await alice.route(CALLS, (route) => route.abort())
    await alice.context().setOffline(false)
    await alice.reload()
    await reach(alice, 'board', 'opening')
    await alice.unroute(CALLS)
    await reach(alice, 'board', 'open')
    await saved(alice)
    await shows(
      bob,
      'all of it, once and in order',
      (shown) => Bun.deepEquals(shown.strokes, strokes) && shown.count === '4',
    )
    expect(await shownOn(alice)).toEqual(shownOf(await boardOf(site, room)))
    await alice.reload()
    await reach(alice, 'board', 'open')
    await saved(alice)
    expect(await boardOf(site, room)).toMatchObject({ count: 4, strokes: { length: 2 } })
  })
})
