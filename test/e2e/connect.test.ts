import { describe, expect, test } from 'bun:test'
import { connect, type Fetch } from '../../client/connect.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { until } from '../kit/until.ts'

const { url: mongo } = useDatabase(import.meta.path)
const { url } = await spawnServer({ url: mongo })

describe('connect with the WebSocket', () => {
  /** Notes what goes by HTTP after all. */
  const watched = () => {
    const byHttp: string[] = []
    const fetch: Fetch = (input, init) => {
      byHttp.push(new URL(input instanceof Request ? input.url : input).pathname)
      return globalThis.fetch(input, init)
    }
    return { byHttp, fetch }
  }

  test('sends calls through it, and those with headers of their own by HTTP', async () => {
    const { byHttp, fetch } = watched()
    const client = connect({ url, fetch, transport: 'websocket' })
    const reply = await client.mailbox.put.mutate({ room: 'socket', offer: 'v=0' })
    expect(byHttp).toEqual([])
    if (reply.kind !== 'key') throw new Error('expected a room key')
    await client.mailbox.remove.mutate({ room: 'socket' }, { context: { authorization: reply.key } })
    expect(byHttp).toEqual(['/trpc/mailbox.remove'])
  })

  test('subscribes through it with its token, Dates and all', async () => {
    const { byHttp, fetch } = watched()
    const { secret, name } = await connect({ url }).session.host.mutate({ hostName: 'Alice', visibility: 'public' })
    const client = connect({ url, fetch, transport: 'websocket', token: async () => secret })
    const signals: string[] = []
    const subscription = client.session.events.subscribe({}, { onData: ({ data }) => void signals.push(data.kind) })
    await connect({ url }).session.join.mutate({ name, clientName: 'Bob', offer: 'v=0' })
    await until(() => signals.includes('offer'), { what: 'the offer comes' })
    const { sessions } = await client.session.list.query({})
    expect(sessions[0]?.createdAt).toBeInstanceOf(Date)
    expect(byHttp).toEqual([])
    subscription.unsubscribe()
  })
})

test('an address with a slash at its end is the same', async () => {
  expect(await connect({ url: `${url}/` }).ice.servers.query()).toMatchObject({ iceServers: [] })
})
