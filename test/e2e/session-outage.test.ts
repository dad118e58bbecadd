import { expect, test } from 'bun:test'
import { talk } from '../kit/channel.ts'
import { hosting, joiningAs, peerOf } from '../kit/hosted.ts'
import { useDatabase } from '../kit/mongo.ts'
import { type Spawned, spawnServer } from '../kit/processes.ts'
import { startProxy } from '../kit/proxy.ts'
import { until } from '../kit/until.ts'

const { url: mongo } = useDatabase(import.meta.path)

test.each(['stream', 'poll'] as const)(
  'by %s: connections outlive the server, and the host is there again when it is',
  async (transport) => {
    const first = await spawnServer({ url: mongo })
    const { url } = first
    const hosted = await hosting(url, { transport })
    const states: string[] = []
    hosted.on('state', ({ state }) => void states.push(state))
    const bob = await joiningAs(url, { name: hosted.name, transport })
    const peer = await peerOf(hosted)
    const ended: string[] = []
    bob.on('state', ({ state }) => void ended.push(state))
    bob.on('error', ({ rule }) => void ended.push(rule))

    await first.kill('SIGKILL')
    await until(() => states.includes('offline'), { what: 'the host knows that the server is away' })
    await talk(bob.channel, peer.channel)

    const again: Spawned = await spawnServer({ url: mongo, env: { PORT: new URL(url).port } })
    await until(() => states.at(-1) === 'online', { what: 'the host has the server again', deadlineMs: 15_000 })
    await talk(bob.channel, peer.channel)
    const carol = await joiningAs(url, { name: hosted.name, clientName: 'Carol', transport })
    await talk(carol.channel, (await peerOf(hosted, 'Carol')).channel)
    expect(ended).toEqual([])

    await bob.leave()
    await carol.leave()
    await hosted.close()
    await again.stop()
  },
  30_000,
)

test('where streams are blocked, polls stand in for them', async () => {
  await using server = await spawnServer({ url: mongo })
  await using proxy = await startProxy(server.url)
  proxy.block(/session\.events/)
  const hosted = await hosting(proxy.url)
  const bob = await joiningAs(proxy.url, { name: hosted.name })
  await talk(bob.channel, (await peerOf(hosted)).channel)
  expect(proxy.seen).toContain('/trpc/session.requests')
  await bob.leave()
  await until(() => hosted.peers.size === 0, { what: 'Bob is gone' })
  await hosted.close()
})
