import { beforeEach, describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { until } from '../kit/until.ts'
import { emit, httpClient, serveOwn, source } from './own.ts'

const { url } = useDatabase(import.meta.path)
beforeEach(() => Object.assign(source, { last: 0, closed: 0 }))

/** Subscribes and keeps what arrives. */
const follow = (client: ReturnType<typeof httpClient>) => {
  const seen: { id: string; n: number; at: unknown }[] = []
  const ends: string[] = []
  const subscription = client.numbers.subscribe(
    {},
    {
      onData: ({ id, data }) => seen.push({ id, ...data }),
      onError: (error) => ends.push(String(error.data?.rule)),
      onComplete: () => ends.push('complete'),
    },
  )
  return { seen, ends, unsubscribe: () => subscription.unsubscribe() }
}

describe('a subscription by server-sent events', () => {
  test('delivers tracked items with their ids, Dates as Dates', async () => {
    await using server = await serveOwn({ url })
    const { seen, unsubscribe } = follow(httpClient(server.url))
    emit()
    await until(() => seen.length === 1, { what: 'the first item' })
    expect(seen).toEqual([{ id: '1', n: 1, at: new Date(1) }])
    unsubscribe()
  })

  test('runs the generator`s finally when the client unsubscribes, and is no open stream any more', async () => {
    await using server = await serveOwn({ url })
    const { seen, unsubscribe } = follow(httpClient(server.url))
    emit()
    await until(() => seen.length === 1, { what: 'the first item' })
    const open = async () => (await server.foyer.metrics.streams.get()).values[0]?.value
    expect(await open()).toBe(1)
    unsubscribe()
    await until(() => source.closed === 1, { what: 'the generator`s finally' })
    await until(async () => (await open()) === 0, { what: 'the gauge of open streams' })
  })

  test('resumes through a restart of the server: nothing lost, nothing twice', async () => {
    const first = await serveOwn({ url })
    const { seen, ends, unsubscribe } = follow(httpClient(first.url))
    emit()
    await until(() => seen.length === 1, { what: 'an item before the restart' })
    await first.drain()
    emit()
    await first.stop()
    await using second = await serveOwn({ url, port: first.port })
    emit()
    await until(() => seen.length === 3, { what: 'the items of during and after the restart', deadlineMs: 10_000 })
    expect(seen.map(({ id }) => id)).toEqual(['1', '2', '3'])
    expect([ends, second.port]).toEqual([[], first.port])
    unsubscribe()
  })

  test('that broke by a bug of ours tells the client nothing of it', async () => {
    await using server = await serveOwn({ url })
    const response = await fetch(`${server.url}/trpc/broken`, { headers: { accept: 'text/event-stream' } })
    const text = await response.text()
    expect(response.headers.get('content-type')).toStartWith('text/event-stream')
    expect(text).toContain('serialized-error')
    expect(text).toContain('Internal error')
    expect(text).not.toMatch(/mongodb|secret is/)
  })
})

test('pings keep a silent stream open for longer than Bun lets a connection be idle', async () => {
  await using server = await serveOwn({ url, idleTimeout: 1 })
  const response = await fetch(`${server.url}/trpc/numbers`, { headers: { accept: 'text/event-stream' } })
  const started = performance.now()
  let text = ''
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  // The ping comes after 5 s; the idle timeout of 1 s would have cut a connection without server.timeout(request, 0).
  while (!text.includes('event: ping')) {
    const chunk = await reader?.read()
    if (chunk === undefined || chunk.done) throw new Error(`the stream ended after ${performance.now() - started} ms`)
    text += chunk.value
  }
  expect(performance.now() - started).toBeGreaterThan(4_000)
  await reader?.cancel()
}, 15_000)
