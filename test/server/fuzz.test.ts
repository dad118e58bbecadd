import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'
import { seeded } from './fuzz-inputs.ts'
import { BASES, complaint, type FuzzRequest, PROCEDURES, restRequest, trpcRequest } from './fuzz-targets.ts'

const { url, db } = useDatabase(import.meta.path)
const REQUESTS = 10_000
const AT_ONCE = 64

const call = async (base: string, { method, path, body, headers }: FuzzRequest) => {
  const response = await fetch(base + path, { method, headers, body })
  return { status: response.status, text: await response.text() }
}

/** A secret of each kind, so that the fuzzer gets past the first check. */
const bearersOf = async (base: string) => {
  const headers = { 'content-type': 'application/json' }
  const ask = async (path: string, input: unknown) => {
    const body = JSON.stringify({ json: input })
    const { text } = await call(base, { method: 'POST', path: `/trpc/${path}`, body, headers })
    const { result }: { result?: { data: { json: { key?: string; secret?: string; token?: string } } } } =
      JSON.parse(text)
    return Object.values(result?.data.json ?? {}).filter((value) => String(value).includes('.'))
  }
  const hosted = PROCEDURES.some(({ path }) => path === 'session.host')
  return (
    await Promise.all([
      ask('mailbox.put', { room: 'mine', offer: 'o' }),
      ask('account.guest', { name: 'g' }),
      hosted ? ask('session.host', { name: 'alive', hostName: 'h' }) : [],
    ])
  )
    .flat()
    .map(String)
}

test('the fuzzer knows a valid input of every procedure', () => {
  expect(PROCEDURES.map(({ path }) => path).filter((path) => !Object.hasOwn(BASES, path))).toEqual([])
})

test(`${REQUESTS} bodies, valid to hostile, get a success or an error of the table, and store only what they were told`, async () => {
  // Waits are valid inputs; they would only make this slow.
  const env = { MAILBOX_MAX_WAIT_MS: '1', SESSION_MAX_WAIT_MS: '1', STUN_URLS: 'stun:stun.example' }
  await using server = await startServer({ url, env })
  const bearers = await bearersOf(server.url)
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)
  const random = seeded(seed)
  const wrong: unknown[] = []
  const statuses = new Map<number, number>()
  let sent = 0
  // What `bearersOf` stored: a room, and a session where there are sessions.
  let stored = 2
  const next = async () => {
    while (sent++ < REQUESTS) {
      const request = random.chance(0.4) ? restRequest(random, bearers) : trpcRequest(random, bearers)
      const { status, text } = await call(server.url, request)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      const complains = complaint(status, text)
      if (complains !== null) wrong.push({ complains, ...request, text: text.slice(0, 500) })
      if (status < 300 && /"(key|secret)":"/.test(text)) stored++
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
  expect({ seed, wrong: wrong.slice(0, 5) }).toEqual({ seed, wrong: [] })
  expect({ seed, faults: server.logs.filter((line) => JSON.parse(line).level >= 50) }).toEqual({ seed, faults: [] })
  // Both ways in were tried: some got through, and each kind of refusal was heard.
  for (const status of [200, 201, 400, 401, 404, 405, 409]) expect(statuses.get(status) ?? 0).toBeGreaterThan(0)
  const [offers, sessions] = await Promise.all([
    db.collection('offers').countDocuments({ handed: { $exists: false } }),
    db.collection('sessions').countDocuments(),
  ])
  expect(offers + sessions).toBeLessThanOrEqual(stored)
  expect((await fetch(`${server.url}/ready`)).status).toBe(200)
}, 60_000)
