import { expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import { isRule, RULES } from '../../shared/rules.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'
import { bodyOf, type Random, seeded } from './fuzz-inputs.ts'
import { BASES, PROCEDURES } from './fuzz-targets.ts'

const { url } = useDatabase(import.meta.path)
const FRAMES = 3_000
const SOCKETS = 8

interface Heard {
  id: number | string | null
  error?: { json: { data: { rule: unknown; httpStatus: number } } }
}

/** A WebSocket that collects what it hears until it is asked a healthy question, whose answer says that all else was read. */
async function open(base: string) {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/trpc`)
  const heard: Heard[] = []
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
  const { promise: healthy, resolve } = Promise.withResolvers<'answered'>()
  socket.addEventListener('message', ({ data }) => {
    if (data === 'PING') return socket.send('PONG')
    if (data === 'PONG') return
    const message: Heard = JSON.parse(String(data))
    if (message.id === 'healthy') resolve('answered')
    else heard.push(message)
  })
  await new Promise((opened) => socket.addEventListener('open', opened))
  const ask = () => {
    socket.send(JSON.stringify({ id: 'healthy', method: 'query', params: { path: 'ice.servers' } }))
    return Promise.race([healthy, closed])
  }
  return { socket, heard, ask }
}

const frameOf = (random: Random, id: number) => {
  const { path, type } = PROCEDURES[random.below(PROCEDURES.length)] ?? { path: 'none', type: 'query' }
  const body = bodyOf(BASES[path], random, { superjson: true })
  if (typeof body !== 'string' || random.chance(0.1)) return body
  const method = random.chance(0.9) ? type : random.pick(['subscription', 'subscription.stop', 'fly', ''])
  // As text: what is no JSON inside stays no JSON.
  return `{"id":${random.pick([id, id, id, 'null', '"x"', '{}'])},"method":"${method}","params":{"path":"${path}","input":${body}}}`
}

test(`${FRAMES} WebSocket frames, valid to hostile, get a success, an error of the table, or a closed connection`, async () => {
  await using server = await startServer({ url, env: { MAILBOX_MAX_WAIT_MS: '1', SESSION_MAX_WAIT_MS: '1' } })
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)
  const random = seeded(seed)
  const codes = new Set<unknown>()
  const wrong: unknown[] = []
  let answered = 0
  let sent = 0
  const run = async () => {
    while (sent < FRAMES) {
      const { socket, heard, ask } = await open(server.url)
      for (let i = 0; i < 20; i++) socket.send(frameOf(random, ++sent))
      codes.add(await ask())
      socket.close()
      answered += heard.length
      for (const { error } of heard) {
        const data = error?.json.data
        if (data === undefined) continue
        if (!isRule(data.rule) || RULES[data.rule].status >= 500) wrong.push(data)
      }
    }
  }
  /** What chance seldom brings: a frame that is too long. */
  const send = async (frame: string) => {
    const { socket, ask } = await open(server.url)
    socket.send(frame)
    codes.add(await ask())
    socket.close()
  }
  await Promise.all([...Array.from({ length: SOCKETS }, run), send('x'.repeat(LIMITS.bodyBytes + 1))])
  expect({ seed, wrong: wrong.slice(0, 5) }).toEqual({ seed, wrong: [] })
  expect({ seed, faults: server.logs.filter((line) => JSON.parse(line).level >= 50) }).toEqual({ seed, faults: [] })
  expect([...codes].sort()).toEqual([1003, 1008, 1009, 'answered'])
  expect(answered).toBeGreaterThan(FRAMES / 10)
}, 60_000)
