import { expect, test } from 'bun:test'
import { connect } from '../../client/connect.ts'
import { meet } from '../../client/mailbox.ts'
import { splitCandidates } from '../../client/sdp.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { until } from '../kit/until.ts'
import { Werift } from '../kit/werift.ts'

const { url: mongo } = useDatabase(import.meta.path)

/** What a guest did, in order: when it learned where the host is, and when its join was answered. */
const did: string[] = []
class WatchedPeer extends Werift {
  override async setRemoteDescription(description: Parameters<Werift['setRemoteDescription']>[0]) {
    did.push(`description ${description.sdp?.includes('a=candidate:') ? 'with' : 'without'} candidates`)
    return super.setRemoteDescription(description)
  }
  override async addIceCandidate(candidate: Parameters<Werift['addIceCandidate']>[0]) {
    did.push('candidate')
    return super.addIceCandidate(candidate)
  }
}

// The packets of a third, who answers the same offer and loses the join, reached the host first and spoiled its DTLS
// handshake with the second: both stayed in `connecting`.
test('a guest sends the host nothing before its join is accepted', async () => {
  await using server = await spawnServer({ url: mongo })
  const options = { url: server.url, RTCPeerConnection: Werift, iceServers: [] }
  let waiting = false
  const hosting = meet('third', { ...options, onState: ({ state }) => void (waiting ||= state === 'waiting') })
  await until(() => waiting, { what: 'the host waits' })
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const response = await globalThis.fetch(input, init)
    if (String(input).includes('mailbox.join')) did.push(`join ${response.status}`)
    return response
  }
  const client = connect({ url: server.url, fetch })
  const guest = await meet('third', { client, RTCPeerConnection: WatchedPeer, iceServers: [] })
  expect(did.slice(0, 3)).toEqual(['description without candidates', 'join 200', 'candidate'])
  const host = await hosting
  host.close()
  guest.close()
}, 30_000)

test('a description is split into itself without candidates, and these by media section', () => {
  const sdp = ['v=0', 'm=audio 9', 'a=candidate:1', 'm=application 9', 'a=candidate:2', 'a=end-of-candidates', ''].join(
    '\r\n',
  )
  expect(splitCandidates(sdp)).toEqual({
    bare: ['v=0', 'm=audio 9', 'm=application 9', ''].join('\r\n'),
    candidates: [
      { candidate: 'candidate:1', sdpMLineIndex: 0 },
      { candidate: 'candidate:2', sdpMLineIndex: 1 },
    ],
  })
})
