import { expect, test } from 'bun:test'
import superjson from 'superjson'
import { connect } from '../../client/connect.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)
const METADATA: Record<string, string> = JSON.parse('{"constructor":"c","prototype":"p","a.b\\\\":"dots"}')

// superjson refuses such keys, and dates beside them made it ask superjson: one such session, and nobody could list any.
test('a session whose metadata has keys that superjson refuses is listed like others, with its dates', async () => {
  await using server = await startServer({ url })
  const client = connect({ url: server.url })
  for (const metadata of [METADATA, {}])
    await client.session.host.mutate({ hostName: 'h', visibility: 'public', metadata })
  const { sessions } = await client.session.list.query({})
  expect(sessions.map(({ createdAt }) => createdAt instanceof Date)).toEqual([true, true])
  expect(sessions.map(({ metadata }) => Object.keys(metadata).length).toSorted()).toEqual([0, 3])
  expect(sessions.find(({ metadata }) => Object.hasOwn(metadata, 'constructor'))?.metadata).toEqual(METADATA)

  const plain = await fetch(`${server.url}/trpc/session.list?input=%7B%22json%22%3A%7B%7D%7D`)
  const { result }: { result: { data: Parameters<typeof superjson.deserialize>[0] } } = await plain.json()
  expect(superjson.deserialize<{ sessions: { createdAt: unknown }[] }>(result.data).sessions).toEqual(
    sessions.map(({ createdAt }) => expect.objectContaining({ createdAt })),
  )
})
