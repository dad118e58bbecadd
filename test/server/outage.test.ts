import { afterAll, describe, expect, test } from 'bun:test'
import { startTestMongo } from '../kit/test-mongo.ts'
import { startServer } from '../kit/server.ts'
import { spawnServer, spawnWorker } from '../kit/processes.ts'
import { until } from '../kit/until.ts'

// A MongoDB of this file's own: it is frozen, which would stop the other files' tests.
const mongo = await startTestMongo()
afterAll(() => mongo.stop())
const url = mongo.url
const freeze = (signal: 'SIGSTOP' | 'SIGCONT') => mongo.pids.forEach((pid) => process.kill(pid, signal))

/** Runs while MongoDB neither answers nor hangs up. */
const frozen = async (act: () => Promise<void>) => {
  freeze('SIGSTOP')
  try {
    await act()
  } finally {
    freeze('SIGCONT')
  }
}
const statusesOf = async (base: string) => {
  const replies = await Promise.all(['/health', '/ready', '/metrics'].map((path) => fetch(base + path)))
  return { statuses: replies.map(({ status }) => status), metrics: await replies[2]?.text() }
}

describe('while MongoDB is silent', () => {
  test('a server is alive, not ready, and still shows its metrics; then it is ready again', async () => {
    await using server = await startServer({ url })
    expect((await statusesOf(server.url)).statuses).toEqual([200, 200, 200])
    await frozen(async () => {
      // A signal is delivered a little later than it is sent.
      const isReady = async () => (await fetch(`${server.url}/ready`)).status === 200
      await until(async () => !(await isReady()), { what: 'not ready', deadlineMs: 10_000 })
      const { statuses, metrics } = await statusesOf(server.url)
      expect(statuses).toEqual([200, 503, 200])
      expect(metrics).toContain('foyer_mailboxes Nan')
      expect(metrics).toContain('foyer_open_streams 0')
    })
    await until(async () => (await fetch(`${server.url}/ready`)).status === 200, { what: 'ready again' })
  })

  test('so is a worker, and SIGTERM still ends both within ten seconds, with exit code 0', async () => {
    const [server, worker] = await Promise.all([spawnServer({ url }), spawnWorker({ url, env: { DRAIN_MS: '2000' } })])
    await frozen(async () => {
      const isReady = async () => (await fetch(`${worker.url}/ready`)).status === 200
      await until(async () => !(await isReady()), { what: 'not ready', deadlineMs: 10_000 })
      const began = performance.now()
      expect(await Promise.all([server.stop(), worker.stop()])).toEqual(['exit code 0', 'exit code 0'])
      expect(performance.now() - began).toBeLessThan(10_000)
    })
  }, 20_000)
})
