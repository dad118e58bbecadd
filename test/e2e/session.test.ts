import { describe, expect, test } from 'bun:test'
import { connect } from '../../client/connect.ts'
import { talk } from '../kit/channel.ts'
import { hosting, joiningAs, peerOf } from '../kit/hosted.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { until } from '../kit/until.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
const { url } = await spawnServer({ url: mongo })
const client = connect({ url })

describe.each(['stream', 'poll'] as const)('a hosted session by %s', (transport) => {
  test('connects the host with each client, and data flows both ways', async () => {
    const hosted = await hosting(url, { transport })
    const names = ['Bob', 'Carol', 'Dave']
    const joined = await Promise.all(
      names.map((clientName) => joiningAs(url, { name: hosted.name, clientName, transport })),
    )
    for (const each of joined) {
      expect(each.hostName).toBe('Alice')
      await talk(each.channel, (await peerOf(hosted, each.clientName)).channel)
    }
    expect([...hosted.peers.keys()].sort()).toEqual(names)
    await hosted.close()
    await until(() => joined.every(({ channel }) => channel.readyState === 'closed'), {
      what: 'all connections are closed',
    })
  })

  test('drops what led to a connection once it is made', async () => {
    const hosted = await hosting(url, { transport })
    const joined = await joiningAs(url, { name: hosted.name, transport })
    await peerOf(hosted)
    const waiting = () =>
      db
        .collection('signals')
        .countDocuments({ kind: { $in: ['offer', 'answer', 'candidates'] }, body: { $exists: true } })
    await until(async () => (await waiting()) === 0, { what: 'no description and no candidate is left' })
    await joined.leave()
    await hosted.close()
  })

  test('asks the policy, and who is declined hears so and leaves no seat behind', async () => {
    const asked: string[] = []
    const onRequest = async ({ client: who }: { client: string }) => {
      asked.push(who)
      return who !== 'Mallory'
    }
    const hosted = await hosting(url, { transport, onRequest, maxClients: 1 })
    await expect(joiningAs(url, { name: hosted.name, clientName: 'Mallory', transport })).rejects.toMatchObject({
      rule: 'declined',
    })
    const bob = await joiningAs(url, { name: hosted.name, transport })
    expect(asked).toEqual(['Mallory', 'Bob'])
    await bob.leave()
    await hosted.close()
  })

  test('drop: the client hears it and its connection is closed', async () => {
    const hosted = await hosting(url, { transport })
    const ends: unknown[] = []
    const bob = await joiningAs(url, {
      name: hosted.name,
      transport,
      onState: ({ state, error }) => state === 'ended' && ends.push(error),
    })
    await peerOf(hosted)
    await hosted.drop('Bob', 'the table is closed')
    await until(() => ends.length > 0, { what: 'Bob`s end' })
    expect(ends).toEqual([expect.objectContaining({ rule: 'seat-gone', message: 'the table is closed' })])
    expect(hosted.peers.size).toBe(0)
    expect(bob.channel.readyState).toBe('closed')
    await hosted.close()
  })

  test('leave: the host hears it and the name is free again', async () => {
    const hosted = await hosting(url, { transport })
    let ends: string[] = []
    hosted.on('left', ({ client: who, reason }) => void ends.push(`${who} ${reason}`))
    for (let round = 1; round <= 2; round++) {
      ends = []
      const bob = await joiningAs(url, { name: hosted.name, transport })
      await talk(bob.channel, (await peerOf(hosted)).channel)
      await bob.leave()
      await until(() => hosted.peers.size === 0, { what: 'Bob is gone' })
      // Whichever comes first: the closed connection, which the server's word may follow, or that word.
      expect(ends[0] ?? 'nothing').toMatch(/^Bob (closed|left)$/)
    }
    await hosted.close()
  })
})

describe('a hosted session', () => {
  test('is listed while it is public and open', async () => {
    const metadata = { map: 'island' }
    const hosted = await hosting(url, { visibility: 'public', metadata, password: 'sesame' })
    const { sessions } = await client.session.list.query({ metadata })
    expect(sessions).toMatchObject([{ name: hosted.name, hostName: 'Alice', metadata, hasPassword: true, clients: 0 }])
    await hosted.close()
    expect((await client.session.list.query({ metadata })).sessions).toEqual([])
  })

  test('gives the typed reason to who cannot join', async () => {
    const hosted = await hosting(url, { maxClients: 1, password: 'sesame' })
    const { name } = hosted
    await expect(joiningAs(url, { name, password: 'sesam' })).rejects.toMatchObject({ rule: 'wrong-password' })
    const bob = await joiningAs(url, { name, password: 'sesame' })
    const taken = joiningAs(url, { name, password: 'sesame' })
    await expect(taken).rejects.toMatchObject({ rule: 'client-name-taken' })
    const full = joiningAs(url, { name, password: 'sesame', clientName: 'Carol' })
    await expect(full).rejects.toMatchObject({ rule: 'session-full' })
    await expect(hosting(url, { name })).rejects.toMatchObject({ rule: 'name-taken' })
    await bob.leave()
    await hosted.close()
    await expect(joiningAs(url, { name })).rejects.toMatchObject({ rule: 'session-gone' })
  })

  test('an aborted join gives its seat back', async () => {
    const hosted = await hosting(url, { maxClients: 1, onRequest: ({ client: who }) => (who === 'Bob' ? never : true) })
    const never = new Promise<boolean>(() => {})
    const controller = new AbortController()
    hosted.on('request', ({ client: who }) => who === 'Bob' && controller.abort())
    const { name } = hosted
    await expect(joiningAs(url, { name, signal: controller.signal })).rejects.toMatchObject({ rule: 'aborted' })
    await until(() => joiningAs(url, { name, clientName: 'Carol' }), { what: 'the only seat is free' })
    await hosted.close()
  })

  test('a host that does not answer in time is a timeout', async () => {
    const hosted = await hosting(url, { onRequest: () => new Promise<boolean>(() => {}) })
    await expect(joiningAs(url, { name: hosted.name, deadlineMs: 300 })).rejects.toMatchObject({ rule: 'timeout' })
    await hosted.close()
  })
})
