import { expect, test } from 'bun:test'
import { connect } from '../../client/connect.ts'
import { joinSession } from '../../client/guest.ts'
import { useDatabase } from '../kit/mongo.ts'
import { hosting } from '../kit/hosted.ts'
import { startServer } from '../kit/server.ts'
import { until } from '../kit/until.ts'
import { Werift } from '../kit/werift.ts'

const { url: mongo, db } = useDatabase(import.meta.path)

// Its candidates met the lost seat before its stream brought the reason, and it gave up with `seat-gone`.
test('a declined client hears that it was declined, whichever of its calls meets the lost seat first', async () => {
  await using server = await startServer({ url: mongo })
  const hosted = await hosting(server.url, { onRequest: () => false })
  const refused = Promise.withResolvers<void>()
  const gone = async () => (await db.collection('seats').countDocuments({ live: true })) === 0
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const call = String(input)
    if (call.includes('session.sendCandidates')) await until(gone, { what: 'the seat is taken away' })
    if (call.includes('session.events')) await refused.promise
    const response = await globalThis.fetch(input, init)
    if (call.includes('session.sendCandidates')) setImmediate(refused.resolve)
    return response
  }
  const client = connect({ url: server.url, fetch })
  const rtc = { RTCPeerConnection: Werift, iceServers: [] }
  const joining = joinSession({ client, ...rtc, name: hosted.name, clientName: 'Mallory' })
  await expect(joining).rejects.toMatchObject({ rule: 'declined' })
  await hosted.close()
}, 30_000)
