import { expect, test } from 'bun:test'
import { createHttp } from '../../server/http.ts'
import { useDatabase } from '../kit/mongo.ts'
import { openFoyer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)

// Elysia cuts a silent connection after 30 s: a longer MAILBOX_MAX_WAIT_MS broke every long-poll over REST.
test('a connection may be silent for longer than the longest wait that is set', async () => {
  const { foyer, close } = await openFoyer({
    url,
    env: { MAILBOX_EXPIRY_MS: '120000', MAILBOX_MAX_WAIT_MS: '100000' },
  })
  const { app } = createHttp(foyer, null)
  expect(app.config.serve?.idleTimeout).toBeWithin(110, 256)
  await close()
})
