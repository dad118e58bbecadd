import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)

// Ten calls without any token closed an address for everybody behind it.
test('who presents no secret is not throttled for guessing one', async () => {
  await using server = await startServer({ url, env: { RATE_PER_ADDRESS: '1000', RATE_BURST_PER_ADDRESS: '1000' } })
  const statuses = new Set<number>()
  for (let i = 0; i < 15; i++) statuses.add((await fetch(`${server.url}/trpc/account.me`)).status)
  expect([...statuses]).toEqual([401])
})
