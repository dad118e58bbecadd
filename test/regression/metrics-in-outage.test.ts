import { expect, test } from 'bun:test'
import { createMetrics } from '../../server/metrics.ts'
import { opsRoutes } from '../../server/ops.ts'

// The counts of live rooms are read from the database, and without it `/metrics` answered 500, just when it is looked at.
test('/metrics answers without the database: what it cannot count is not a number', async () => {
  const down = () => Promise.reject(new Error('down'))
  const metrics = createMetrics()
  // edge: of the store, the routes use only these two.
  const store = { ping: down, count: down } as unknown as Parameters<typeof opsRoutes>[0]['store']
  const routes = opsRoutes({ store, metrics, shutdown: new AbortController().signal })
  const response = await routes.handle(new Request('http://localhost/metrics'))
  expect(response.status).toBe(200)
  expect(await response.text()).toMatch(/^foyer_mailboxes nan$/im)
  metrics.stop()
})
