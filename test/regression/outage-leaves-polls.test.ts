import { expect, test } from 'bun:test'
import { connect } from '../../client/connect.ts'
import { openRoom } from '../../client/room.ts'
import { useDatabase } from '../kit/mongo.ts'
import { createAs } from '../kit/open-rooms.ts'
import { startServer } from '../kit/server.ts'
import { startTcpProxy, targetOf } from '../kit/tcp-proxy.ts'
import { JWT_SECRET, tokenOf } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'

const { url: mongo } = useDatabase(import.meta.path)
const server = await startServer({ url: mongo, env: { JWT_SECRET, RATE_PER_USER: '0', RATE_PER_ROOM: '0' } })

// After three streams that did not open it polled for a minute, though the network was back: who left stayed present.
test('an outage that outlasts the tries of a stream ends with a stream, not with a minute of polls', async () => {
  await using proxy = await startTcpProxy(targetOf(server.url))
  const bob = await createAs({ url: server.url, user: 'bob' }, { data: { n: 0 } })
  let polls = 0
  const client = connect({
    url: proxy.url,
    token: await tokenOf('alice'),
    fetch: (input, init) => {
      if (/room\.get/.test(String(input instanceof Request ? input.url : input))) polls++
      return fetch(input, init)
    },
  })
  const alice = await openRoom({ client, room: bob.id })
  const sees = (state: string) => () => alice.presence.some((one) => one.user === 'bob' && one.state === state)
  bob.present('before')
  await until(sees('before'), { what: 'alice sees bob' })

  proxy.aim(null)
  proxy.cutAll()
  await until(() => polls >= 2, { what: 'streams are given up for polls', deadlineMs: 20_000 })
  proxy.aim(targetOf(server.url))
  bob.present('after')
  await until(sees('after'), { what: 'alice sees what only a stream tells', deadlineMs: 10_000 })
  expect(alice.state).toBe('online')
  alice.close()
})
