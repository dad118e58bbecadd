import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer, type Spawned } from '../kit/processes.ts'
import { until } from '../kit/until.ts'
import { rawRequest, statusOf } from './raw-http.ts'

const { url } = useDatabase(import.meta.path)

const hears = (server: Spawned, what: string) =>
  until(() => server.logs.some((line) => line.includes(what)), { what: `"${what}" in the log` })
const waitsOf = async (server: Spawned) =>
  /^foyer_open_waits (\d+)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1]

/** A PUT of which the first half is on its way. */
const halfPut = async (server: Spawned) => {
  const body = '{"offer":"a slow offer"}'
  const request = rawRequest(server.url, 'PUT /custom/slow HTTP/1.1')
  await request.write(`Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 9)}`)
  // Whoever asks later is answered, so the first half was read.
  await fetch(`${server.url}/health`)
  return { ...request, finish: () => request.write(body.slice(9)) }
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test('answers a held long-poll at once; the process ends with exit code 0', async () => {
    const server = await spawnServer({ url })
    const { key } = await (
      await fetch(`${server.url}/custom/${signal}`, { method: 'PUT', body: '{"offer":"o"}' })
    ).json()
    const held = fetch(`${server.url}/custom/${signal}/keep`, {
      method: 'POST',
      body: '{"wait":8000}',
      headers: { authorization: `Bearer ${key}` },
    })
    await until(async () => (await waitsOf(server)) === '1', { what: 'the held poll' })
    const began = performance.now()
    const ended = server.kill(signal)
    expect((await held).status).toBe(204)
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(await ended).toBe('exit code 0')
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})

describe('SIGTERM', () => {
  test('lets a request in flight finish', async () => {
    const server = await spawnServer({ url })
    const put = await halfPut(server)
    const ended = server.stop()
    await hears(server, 'draining')
    expect(statusOf(put.heard.text)).toBeUndefined()
    await put.finish()
    await put.closed
    expect(statusOf(put.heard.text)).toBe('201')
    expect(await ended).toBe('exit code 0')
    expect(server.logs.join()).not.toContain('cut at the deadline')
  })

  test('cuts a request that never finishes, at the deadline', async () => {
    const server = await spawnServer({ url, env: { DRAIN_MS: '700' } })
    const put = await halfPut(server)
    const began = performance.now()
    expect(await server.stop()).toBe('exit code 0')
    expect(performance.now() - began).toBeWithin(700, 3_000)
    await put.closed
    expect(statusOf(put.heard.text)).toBeUndefined()
    await hears(server, 'cut at the deadline')
  })

  test('takes no new connection', async () => {
    const server = await spawnServer({ url, env: { DRAIN_MS: '2000' } })
    const put = await halfPut(server)
    const ended = server.stop()
    await hears(server, 'draining')
    await until(
      () =>
        fetch(`${server.url}/health`).then(
          () => false,
          () => true,
        ),
      { what: 'a refused connection' },
    )
    put.end()
    expect(await ended).toBe('exit code 0')
  })

  test('that is sent twice, with SIGINT after it, stops once and cleanly', async () => {
    const server = await spawnServer({ url })
    await fetch(`${server.url}/health`)
    const ends = [server.kill('SIGTERM'), server.kill('SIGTERM'), server.kill('SIGINT')]
    expect(new Set(await Promise.all(ends))).toEqual(new Set(['exit code 0']))
    expect(server.logs.filter((line) => line.includes('"draining"'))).toHaveLength(1)
  })
})
