import { describe, expect, test } from 'bun:test'
import { connect } from '../../client/connect.ts'
import { type FeedOptions, openFeed } from '../../client/feed.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { startProxy } from '../kit/proxy.ts'
import { until } from '../kit/until.ts'

const { url: mongo } = useDatabase(import.meta.path)
const { url } = await spawnServer({ url: mongo })
const direct = connect({ url })
const join = (name: string, clientName: string) => direct.session.join.mutate({ name, clientName, offer: 'v=0' })

/** A host's feed through a proxy, and what it brought. */
async function feeding(more: Pick<FeedOptions, 'transport' | 'spellMs'>, { blocked }: { blocked: RegExp | null }) {
  const proxy = await startProxy(url)
  proxy.block(blocked)
  const { name, secret } = await direct.session.host.mutate({ hostName: 'Alice' })
  const came: string[] = []
  const online: boolean[] = []
  const ends: string[] = []
  const life = new AbortController()
  const feed = openFeed({
    ...more,
    scope: { client: connect({ url: proxy.url }), secret: () => secret, signal: life.signal },
    side: 'host',
    onSignal: ({ kind, client }) => void came.push(`${kind} ${client}`),
    onOnline: (is) => void online.push(is),
    onEnd: ({ rule }) => void ends.push(rule),
  })
  const close = async () => {
    feed.close()
    await proxy[Symbol.asyncDispose]()
  }
  return { proxy, name, secret, came, online, ends, close }
}

describe('the feed of signals', () => {
  test('polls where the stream is blocked, and goes back to it when it can', async () => {
    const feed = await feeding({ transport: 'stream', spellMs: 50 }, { blocked: /session\.events/ })
    await join(feed.name, 'Bob')
    await until(() => feed.came.includes('offer Bob'), { what: 'Bob`s offer comes by poll' })
    feed.proxy.block(/session\.requests/)
    await until(() => feed.proxy.seen.filter((path) => path.endsWith('events')).length > 1, {
      what: 'the stream is tried again',
    })
    await join(feed.name, 'Carol')
    await until(() => feed.came.includes('offer Carol'), { what: 'Carol`s offer comes by stream' })
    expect(feed.ends).toEqual([])
    await feed.close()
  })

  test('misses nothing when its stream is cut, and begins again where it was', async () => {
    const feed = await feeding({ transport: 'stream' }, { blocked: null })
    await join(feed.name, 'Bob')
    await until(() => feed.came.length === 1, { what: 'the first offer' })
    feed.proxy.block(/session\./)
    feed.proxy.cut()
    await join(feed.name, 'Carol')
    await until(() => feed.online.includes(false) || feed.proxy.seen.length > 2, { what: 'the feed knows' })
    feed.proxy.block(null)
    await until(() => feed.came.length === 2, { what: 'the second offer' })
    expect(feed.came).toEqual(['offer Bob', 'offer Carol'])
    await feed.close()
  })

  test.each(['stream', 'poll'] as const)(
    'by %s: ends with superseded when another tab takes over',
    async (transport) => {
      const feed = await feeding({ transport }, { blocked: null })
      await until(() => feed.online.includes(true), { what: 'the feed is open' })
      await direct.session.host.mutate({ hostName: 'Alice' }, { context: { authorization: feed.secret } })
      await until(() => feed.ends.length > 0, { what: 'the end' })
      expect(feed.ends).toEqual(['superseded'])
      await feed.close()
    },
  )

  test.each(['stream', 'poll'] as const)(
    'by %s: ends with the server`s word when the secret is wrong',
    async (transport) => {
      const ends: string[] = []
      const feed = openFeed({
        transport,
        scope: { client: direct, secret: () => 'nonsense', signal: new AbortController().signal },
        side: 'client',
        onSignal: () => {},
        onOnline: () => {},
        onEnd: ({ rule }) => void ends.push(rule),
      })
      await until(() => ends.length > 0, { what: 'the end' })
      expect(ends).toEqual(['wrong-secret'])
      feed.close()
    },
  )
})
