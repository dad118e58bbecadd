import { describe, expect, test } from 'bun:test'
import { opsRoutes } from '../../server/ops.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'
import { until } from '../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)

/** The series of `/metrics`, by name and labels as they stand there. */
const metricsOf = async (base: string) => {
  const response = await fetch(`${base}/metrics`)
  expect(response.headers.get('content-type')).toStartWith('text/plain; version=0.0.4')
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  )
}

describe('/health and /ready', () => {
  test('say that the process answers, and that it can serve', async () => {
    await using server = await startServer({ url })
    expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ ok: true })
    expect(await (await fetch(`${server.url}/ready`)).json()).toEqual({ ready: true })
  })

  test('a draining server is alive, but not ready', async () => {
    await using server = await startServer({ url })
    const draining = opsRoutes({ ...server.foyer, shutdown: AbortSignal.abort() })
    const ask = (path: string) => draining.handle(new Request(`http://localhost${path}`))
    expect((await ask('/health')).status).toBe(200)
    const ready = await ask('/ready')
    expect([ready.status, (await ready.json()).rule]).toEqual([503, 'shutting-down'])
  })
})

describe('/metrics', () => {
  test('counts requests by procedure and outcome, and times them', async () => {
    await using server = await startServer({ url })
    await fetch(`${server.url}/custom/m1`, { method: 'PUT', body: '{"offer":"o"}' })
    await fetch(`${server.url}/custom/m1`, { method: 'DELETE' })
    await fetch(`${server.url}/trpc/ice.servers`)
    const series = await metricsOf(server.url)
    expect(series).toMatchObject({
      'foyer_requests_total{procedure="rest.put",outcome="ok"}': 1,
      'foyer_requests_total{procedure="rest.remove",outcome="wrong-key"}': 1,
      'foyer_requests_total{procedure="ice.servers",outcome="ok"}': 1,
      'foyer_request_duration_seconds_count{procedure="rest.put"}': 1,
    })
  })

  test('counts live rooms, conflicts, expiries, and the time from offer to answer', async () => {
    await using server = await startServer({ url })
    const before = await metricsOf(server.url)
    const put = async () => (await fetch(`${server.url}/custom/m2`, { method: 'PUT', body: '{"offer":"o"}' })).json()
    const post = (path: string, { body, key = '' }: { body: object; key?: string }) =>
      fetch(`${server.url}/custom/m2/${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { authorization: key },
      })
    await put()
    await db.collection('offers').updateOne({ room: 'm2', live: true }, { $set: { expiresAt: new Date(0) } })
    const { key } = await put()
    expect((await metricsOf(server.url)).foyer_mailboxes).toBe((before.foyer_mailboxes ?? 0) + 1)
    await post('join', { body: { answer: 'first' } })
    expect((await post('join', { body: { answer: 'second' } })).status).toBe(409)
    expect((await post('keep', { body: {}, key })).status).toBe(200)
    expect(await metricsOf(server.url)).toMatchObject({
      'foyer_conflicts_total{index="answers.offer"}': 1,
      'foyer_expiries_total{kind="mailbox"}': 1,
      'foyer_offer_to_answer_seconds_count{kind="mailbox"}': 1,
    })
  })

  test('counts live sessions, and streams while they are open', async () => {
    await using server = await startServer({ url })
    const headers = { 'content-type': 'application/json' }
    const body = '{"json":{"name":"m4","hostName":"h"}}'
    const hosted = await fetch(`${server.url}/trpc/session.host`, { method: 'POST', headers, body })
    const { secret } = (await hosted.json()).result.data.json
    const aborter = new AbortController()
    const authorization = `Bearer ${secret}`
    const stream = await fetch(`${server.url}/trpc/session.events`, {
      headers: { authorization },
      signal: aborter.signal,
    })
    const counts = async () => {
      const series = await metricsOf(server.url)
      return [series.foyer_sessions, series.foyer_open_streams]
    }
    expect(stream.headers.get('content-type')).toStartWith('text/event-stream')
    await until(async () => Bun.deepEquals(await counts(), [1, 1]), { what: 'one session, one stream' })
    aborter.abort()
    await until(async () => Bun.deepEquals(await counts(), [1, 0]), { what: 'the stream gone' })
  })

  test('counts long polls while they are held', async () => {
    await using server = await startServer({ url })
    const { key } = await (await fetch(`${server.url}/custom/m3`, { method: 'PUT', body: '{"offer":"o"}' })).json()
    const aborter = new AbortController()
    const held = fetch(`${server.url}/custom/m3/keep`, {
      method: 'POST',
      body: '{"wait":8000}',
      headers: { authorization: `Bearer ${key}` },
      signal: aborter.signal,
    }).catch(() => 'gone')
    const waits = async () => (await metricsOf(server.url)).foyer_open_waits
    await until(async () => (await waits()) === 1, { what: 'the held poll' })
    aborter.abort()
    expect(await held).toBe('gone')
    await until(async () => (await waits()) === 0, { what: 'the poll of a caller that is gone, over' })
  })

  test('has the event-loop lag: a blocked loop shows', async () => {
    await using server = await startServer({ url })
    await metricsOf(server.url)
    await until(async () => (await metricsOf(server.url)).foyer_event_loop_lag_seconds, { what: 'a first measurement' })
    const end = performance.now() + 200
    while (performance.now() < end);
    await Promise.resolve()
    await until(async () => ((await metricsOf(server.url)).foyer_event_loop_lag_seconds ?? 0) > 0.1, {
      what: 'the lag',
    })
  })

  test('are of one process`s own: two servers in one test do not share them', async () => {
    await using one = await startServer({ url })
    await using two = await startServer({ url })
    await fetch(`${one.url}/trpc/ice.servers`)
    const name = 'foyer_requests_total{procedure="ice.servers",outcome="ok"}'
    expect([(await metricsOf(one.url))[name], (await metricsOf(two.url))[name]]).toEqual([1, undefined])
  })
})
