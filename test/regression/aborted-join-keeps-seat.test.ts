import { expect, test } from 'bun:test'
import { connect } from '../../client/connect.ts'
import { hostSession } from '../../client/host.ts'
import { joinSession } from '../../client/guest.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { until } from '../kit/until.ts'
import { Werift } from '../kit/werift.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
const rtc = { RTCPeerConnection: Werift, iceServers: [] }

// Aborted between the server's giving the seat and its reply, the client had no secret to give the seat back with.
test('a join that is aborted before its reply comes gives its seat back when it does', async () => {
  await using server = await spawnServer({ url: mongo })
  const host = await hostSession({ url: server.url, ...rtc, hostName: 'Alice', maxClients: 1 })
  const controller = new AbortController()
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const response = await globalThis.fetch(input, init)
    if (String(input).includes('session.join')) controller.abort()
    return response
  }
  const client = connect({ url: server.url, fetch })
  const joining = joinSession({ client, ...rtc, name: host.name, clientName: 'Bob', signal: controller.signal })
  await expect(joining).rejects.toMatchObject({ rule: 'aborted' })
  const left = () => db.collection('seats').countDocuments({ live: true })
  await until(async () => (await left()) === 0, { what: 'the seat is free' })
  await host.close()
}, 30_000)
