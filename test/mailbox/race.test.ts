import { expect, test } from 'bun:test'
import { MongoClient } from 'mongodb'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { openRest } from './rest.ts'

const { url } = useDatabase(import.meta.path)
const ROUNDS = Number(process.env.RACE_ROUNDS ?? 100)
const CALLERS = 100
const env = { RATE_PER_ADDRESS: '0', RATE_PER_SECRET: '0' }

interface Reply {
  status: number
  body: { key?: string; offer?: string; offerId?: string; rule?: string }
}

const send = async (base: string, path: string, init: { method: string; body: object }): Promise<Reply> => {
  const response = await fetch(`${base}/custom/${path}`, { method: init.method, body: JSON.stringify(init.body) })
  return { status: response.status, body: await response.json() }
}

/** What one round violated: of the PUTs one key and 99 times that host's offer; of the joins one 201 and 99 times 409. */
function violations(puts: Reply[], joins: Reply[]): string[] {
  const found: string[] = []
  const hosts = puts.filter((put) => put.status === 201)
  const offers = new Set(puts.filter((put) => put.status === 200).map((put) => put.body.offerId))
  if (hosts.length !== 1) found.push(`${hosts.length} hosts`)
  if (offers.size !== 1 || !offers.has(hosts[0]?.body.key?.split('.')[0] ?? '')) found.push(`${offers.size} offers`)
  const joined = joins.filter((join) => join.status === 201).length
  if (joined !== 1) found.push(`${joined} guests`)
  if (joins.some((join) => join.status !== 201 && join.status !== 409)) found.push('a join with another status')
  return found
}

async function round(bases: string[], room: string): Promise<string[]> {
  const callers = Array.from({ length: CALLERS }, (_, i) => ({ base: bases[i % bases.length] ?? '', i }))
  const puts = await Promise.all(
    callers.map(({ base, i }) => send(base, room, { method: 'PUT', body: { offer: `offer ${i}` } })),
  )
  const { offerId } = puts.find((put) => put.status === 200)?.body ?? {}
  const joins = await Promise.all(
    callers.map(({ base, i }) =>
      send(base, `${room}/join`, { method: 'POST', body: { answer: `answer ${i}`, offerId } }),
    ),
  )
  return violations(puts, joins)
}

test(`${CALLERS} PUTs and ${CALLERS} joins at once through two server processes, ${ROUNDS} rounds: 0 violations`, async () => {
  await using first = await spawnServer({ url, env })
  await using second = await spawnServer({ url, env })
  const found: string[] = []
  for (let i = 0; i < ROUNDS; i++) found.push(...(await round([first.url, second.url], `race-${i}`)))
  expect(found).toEqual([])
}, 120_000)

test('control: without the unique indexes the same race is lost', async () => {
  const controlUrl = url.replace(/\?/, '-control?')
  const client = await MongoClient.connect(controlUrl)
  const [a, b] = [await openRest(controlUrl), await openRest(controlUrl)]
  try {
    await client.db().collection('offers').dropIndex('room')
    await client.db().collection('answers').dropIndex('offer')
    const found: string[] = []
    for (let i = 0; i < 10 && found.length === 0; i++) {
      const put = (_: unknown, k: number) => (k % 2 ? a : b).put(`race-${i}`, `offer ${k}`)
      const puts = await Promise.all(Array.from({ length: CALLERS }, put))
      const join = (_: unknown, k: number) => (k % 2 ? a : b).join(`race-${i}`, `answer ${k}`)
      found.push(...violations(puts, await Promise.all(Array.from({ length: CALLERS }, join))))
    }
    expect(found.length).toBeGreaterThan(0)
  } finally {
    await client.db().dropDatabase()
    await client.close()
    await a.close()
    await b.close()
  }
}, 60_000)
