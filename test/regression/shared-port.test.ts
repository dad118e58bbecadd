import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)

// Elysia sets SO_REUSEPORT: a second server, perhaps of another database, silently took half of the first one's callers.
test('a port that is taken is refused', async () => {
  await using server = await startServer({ url })
  await expect(startServer({ url, port: server.port })).rejects.toThrow(String(server.port))
})
