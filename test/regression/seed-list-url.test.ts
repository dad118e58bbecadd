import { expect, test } from 'bun:test'
import { connectStore } from '../../server/store/connect.ts'
import { useDatabase } from '../kit/mongo.ts'

const { url, db } = useDatabase(import.meta.path)

// `new URL` refuses `mongodb://a,b/name`, so no replica set of several members could be named.
test('a MongoDB URL may list several hosts, and its database is the one that is used', async () => {
  const [, host = ''] = /\/\/([^/]+)\//.exec(url) ?? []
  const store = await connectStore({ url: url.replace(host, `${host},${host}`), appName: 'test', onError: () => {} })
  await store.setting('seen', () => 'here')
  expect(await db.collection<{ _id: string; value: string }>('settings').findOne({ _id: 'seen' })).toMatchObject({
    value: 'here',
  })
  await store.close()
})
