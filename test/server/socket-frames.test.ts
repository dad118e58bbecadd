import { describe, expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)
const server = await startServer({ url })

/** A bare WebSocket: what it hears, and the code that it is closed with. */
const open = async (base = server.url, query = '') => {
  const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/trpc${query}`)
  const frames: string[] = []
  const waiting: (() => void)[] = []
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
  socket.addEventListener('message', ({ data }) => {
    frames.push(String(data))
    waiting.shift()?.()
  })
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  const heard = async () => {
    if (frames.length === 0) await new Promise<void>((resolve) => waiting.push(resolve))
    return JSON.parse(frames.shift() ?? '')
  }
  return { socket, closed, heard }
}
const call = (id: number, path: string, input: unknown = {}) =>
  JSON.stringify({ id, method: 'mutation', params: { path, input: { json: input } } })

describe('a WebSocket frame', () => {
  test('that is binary closes the connection with 1003', async () => {
    const { socket, closed } = await open()
    socket.send(new Uint8Array([1, 2, 3]))
    expect(await closed).toBe(1003)
  })

  test.each([100, 1_000, 30_000])('that nests %d deep closes it with 1008, unparsed', async (depth) => {
    const { socket, closed } = await open()
    socket.send(`{"id":1,"method":"mutation","params":${'['.repeat(depth)}`)
    expect(await closed).toBe(1008)
  })

  test('that is no JSON, or not a call, is answered bad-request, and the connection lives on', async () => {
    const { socket, heard } = await open()
    for (const frame of [
      '{',
      '17',
      'null',
      '{"id":1,"method":"query","params":5}',
      '{"id":1,"method":"fly"}',
      '[{}]',
    ]) {
      socket.send(frame)
      expect((await heard()).error.json.data.rule).toBe('bad-request')
    }
    socket.send(call(2, 'mailbox.join', { room: 'nobody here', answer: 'a' }))
    expect(await heard()).toMatchObject({ id: 2, error: { json: { data: { rule: 'offer-gone', httpStatus: 409 } } } })
    socket.close()
  })

  test('with more calls than a frame may have is refused as one, call by call', async () => {
    const { socket, heard } = await open()
    const calls = Array.from({ length: LIMITS.frameCalls + 1 }, (_, id) => ({ id, method: 'query' }))
    socket.send(JSON.stringify(calls))
    for (const { id } of calls)
      expect(await heard()).toMatchObject({ id, error: { json: { data: { rule: 'bad-request' } } } })
    socket.close()
  })
})

test('connectionParams that are not text are refused, and the connection is closed', async () => {
  const { socket, closed, heard } = await open(server.url, '?connectionParams=1')
  socket.send(JSON.stringify({ method: 'connectionParams', data: { authorization: 7 } }))
  expect((await heard()).error.json.data.rule).toBe('bad-request')
  await closed
})

test('calls over one WebSocket are limited like any: by address, with the time to wait', async () => {
  await using limited = await startServer({ url, env: { RATE_PER_ADDRESS: '1', RATE_BURST_PER_ADDRESS: '2' } })
  const { socket, heard } = await open(limited.url)
  const rules: unknown[] = []
  for (let id = 1; id <= 3; id++) {
    socket.send(call(id, 'mailbox.join', { room: 'r', answer: 'a' }))
    rules.push((await heard()).error.json.data.rule)
  }
  expect(rules).toEqual(['offer-gone', 'offer-gone', 'rate-limited'])
  socket.close()
})
