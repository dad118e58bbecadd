import { describe, expect, test } from 'bun:test'
import type { FoyerError } from '../../client/errors.ts'
import { talk } from '../kit/channel.ts'
import { hosting, joiningAs, memoryStore, peerOf } from '../kit/hosted.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { until } from '../kit/until.ts'

const { url: mongo } = useDatabase(import.meta.path)
const { url } = await spawnServer({ url: mongo })

describe('a tab that is reloaded, or duplicated', () => {
  test('a client takes its seat again with the kept secret, and the old tab ends with superseded', async () => {
    const asked: string[] = []
    const hosted = await hosting(url, { maxClients: 1, onRequest: ({ client }) => asked.push(client) > 0 })
    const store = memoryStore()
    const ends: (FoyerError | undefined)[] = []
    const { name } = hosted
    const old = await joiningAs(url, {
      name,
      store,
      onState: ({ state, error }) => state === 'ended' && ends.push(error),
    })
    await talk(old.channel, (await peerOf(hosted)).channel)

    const fresh = await joiningAs(url, { name, store })
    await until(() => ends.length > 0, { what: 'the old tab`s end' })
    expect(ends.map((error) => error?.rule)).toEqual(['superseded'])
    expect(old.channel.readyState).toBe('closed')
    await until(() => hosted.peers.get('Bob')?.channel.readyState === 'open', {
      what: 'the host has the new connection',
    })
    await talk(fresh.channel, (await peerOf(hosted)).channel)
    expect(asked).toEqual(['Bob'])
    expect(store.keys()).toHaveLength(1)
    await fresh.leave()
    expect(store.keys()).toEqual([])
    await hosted.close()
  })

  test('a host takes its session again, the old tab ends with superseded, and the clients come over with new channels', async () => {
    const store = memoryStore()
    const old = await hosting(url, { name: 'salon', store })
    const ends: (FoyerError | undefined)[] = []
    old.on('state', ({ state, error }) => state === 'ended' && ends.push(error))
    const bob = await joiningAs(url, { name: 'salon' })
    const first = bob.channel
    await talk(first, (await peerOf(old)).channel)

    const fresh = await hosting(url, { name: 'salon', store })
    expect(fresh.resumed).toBe(true)
    await until(() => ends.length > 0, { what: 'the old tab`s end' })
    expect(ends.map((error) => error?.rule)).toEqual(['superseded'])
    const peer = await peerOf(fresh)
    await until(() => bob.channel !== first && bob.channel.readyState === 'open', { what: 'Bob has a new channel' })
    await talk(bob.channel, peer.channel)
    await bob.leave()
    await fresh.close()
    expect(store.keys()).toEqual([])
  })

  test('a host`s secret that is of no use any more opens a new session', async () => {
    const store = memoryStore()
    store.setItem('foyer:host:atelier', 'nonsense')
    const hosted = await hosting(url, { name: 'atelier', store })
    expect(hosted.resumed).toBe(false)
    expect(store.getItem('foyer:host:atelier')).toBe(hosted.secret)
    await hosted.close()
  })

  test('a client`s secret that is of no use any more takes a new seat', async () => {
    const hosted = await hosting(url)
    const store = memoryStore()
    store.setItem(`foyer:join:${hosted.name}:Bob`, 'nonsense')
    const bob = await joiningAs(url, { name: hosted.name, store })
    await talk(bob.channel, (await peerOf(hosted)).channel)
    await bob.leave()
    await hosted.close()
  })
})
