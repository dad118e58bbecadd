import { describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { BACKLOG_CHARS } from '../../server/rooms/backlog.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { tokenOf } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'
import { rawSocket } from './raw-socket.ts'
import { followRoom, type Heard, linkOf, ROOMS_ENV, span } from './streams.ts'

const { url } = useDatabase(import.meta.path)
/** `BIG=1`: 999 healthy subscribers beside the stalled one, and the figures are printed; else a few. */
const IS_BIG = process.env.BIG === '1'
const HEALTHY = IS_BIG ? 999 : 40
const EVENT_CHARS = 16_000
/** Enough for the kernel's buffers and the bound of each queue. */
const WRITES = 120
const server = await spawnServer({ url, env: ROOMS_ENV })
const owner = await linkOf(server.url, 'owner')

const metric = async (name: string) => {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(new RegExp(`^${name.replaceAll(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1] ?? 0)
}
const residentMb = async () => {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024
}
const make = async () => (await owner.client.room.create.mutate({ data: {} })).room
let writes = 0
const write = async (room: string, chars = EVENT_CHARS) => {
  // Never the same: what changes nothing is no edit.
  const operations = [{ op: 'set' as const, path: '/text', value: `${writes++}${'x'.repeat(chars)}` }]
  return (await owner.client.room.edit.mutate({ room, operations, reply: 'result' })).version
}

/** Writes so often, each time when all have heard the one before; how long each took to hear it, ms, and the largest queue. */
async function load(room: string, healthy: readonly Heard[], times: number) {
  const took: number[] = []
  let largest = 0
  for (const _ of span(0, times)) {
    const began = performance.now()
    const all = Promise.withResolvers<void>()
    let left = healthy.length
    for (const heard of healthy)
      heard.onFrame = () => {
        took.push(performance.now() - began)
        heard.frames.length = 0
        if (--left === 0) all.resolve()
      }
    await Promise.all([write(room), all.promise])
    largest = Math.max(largest, await metric('foyer_room_queue_bytes'))
  }
  took.sort((a, b) => a - b)
  const at = (share: number) => Math.round(took[Math.floor(took.length * share)] ?? 0)
  for (const heard of healthy) heard.onFrame = () => {}
  return { p50: at(0.5), p99: at(0.99), largest }
}

/** Nothing was lost, doubled or reordered, but for what a snapshot stands for. */
const isWhole = (heard: Heard) => {
  let at = 0
  for (const frame of heard.frames) {
    if (frame.kind === 'events' && at > 0) expect(frame.from).toBe(at + 1)
    if (frame.kind !== 'events' && frame.kind !== 'snapshot') continue
    expect(frame.version).toBeGreaterThan(at)
    at = frame.version
  }
}

describe('a subscriber that does not read', () => {
  test('is held in bounds, hears one snapshot in place of what it missed, and converges; the others notice nothing', async () => {
    const room = await make()
    const links = await Promise.all(span(0, HEALTHY).map(() => linkOf(server.url, 'owner')))
    const healthy = links.map(({ client }) => followRoom(client, { room }))
    for (const heard of healthy) await heard.reached(1)
    await load(room, healthy, 20)
    const alone = await load(room, healthy, WRITES)

    // Sixteen subscriptions on one connection, so that what the kernel buffers (4 MB) is soon full.
    using stalled = await rawSocket(server.url, 'owner')
    const slow = span(0, 16).map(() => stalled.follow({ room }))
    for (const heard of slow) await heard.until(({ frames }) => frames.length > 0, 'its snapshot')
    stalled.stall()
    const before = await residentMb()
    const beside = await load(room, healthy, WRITES)
    const grownMb = (await residentMb()) - before
    if (IS_BIG) process.stderr.write(`${JSON.stringify({ HEALTHY, alone, beside, grownMb })}\n`)
    expect(beside.largest).toBeGreaterThan(0)
    expect(beside.largest).toBeLessThanOrEqual(16 * BACKLOG_CHARS)
    expect(grownMb).toBeLessThan(150)
    expect(beside.p50).toBeLessThan(3 * alone.p50 + 50)
    // Of few, it is that of the machine's other work.
    if (IS_BIG) expect(beside.p99).toBeLessThan(3 * alone.p99 + 50)

    stalled.wake()
    const version = await write(room)
    for (const heard of slow) await heard.reached(version)
    for (const heard of slow) {
      isWhole(heard)
      expect(heard.snapshots().map(({ why }) => why)).toEqual(['start', 'slow'])
      expect(heard.ends).toEqual([])
    }
    // Those of the stalled ones, and none of the others.
    expect(await metric('foyer_resyncs_total{why="slow"}')).toBe(16)
    for (const heard of healthy) await heard.reached(version)
    expect(healthy.flatMap(({ ends }) => ends)).toEqual([])
    await until(async () => (await metric('foyer_room_queue_bytes')) === 0, { what: 'empty queues' })
    await Promise.all(links.map((link) => link[Symbol.asyncDispose]()))
  }, 600_000)

  test('by server-sent events is held as well: nothing is taken for it, and it converges', async () => {
    const room = await make()
    const input = encodeURIComponent(JSON.stringify({ json: { room } }))
    const stalled = connect(Number(new URL(server.url).port), '127.0.0.1')
    let text = ''
    stalled.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')))
    stalled.write(
      `GET /trpc/room.events?input=${input} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n` +
        `Authorization: Bearer ${await tokenOf('owner')}\r\n\r\n`,
    )
    await until(() => text.includes('"why":"start"'), { what: 'the first frame' })
    stalled.pause()
    let largest = 0
    for (let most = 200; most > 0 && largest < BACKLOG_CHARS / 2; most--) {
      await write(room, 4 * EVENT_CHARS)
      largest = Math.max(largest, await metric('foyer_room_queue_bytes'))
    }
    expect(largest).toBeGreaterThan(BACKLOG_CHARS / 2)
    for (const _ of span(0, 15)) await write(room, 4 * EVENT_CHARS)
    expect(await metric('foyer_room_queue_bytes')).toBeLessThanOrEqual(BACKLOG_CHARS)
    stalled.resume()
    const version = await write(room)
    await until(() => text.includes(`id: ${version}\n`), { what: 'the newest version' })
    const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
    expect(text.match(/"why":"\w+"/g)).toEqual(['"why":"start"', '"why":"slow"'])
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
    stalled.destroy()
  })
})

test('who asks and asks and does not read the replies is cut, and misses none silently', async () => {
  const { room } = await owner.client.room.create.mutate({ data: 'x'.repeat(60_000) })
  using greedy = await rawSocket(server.url, 'owner')
  const heard = greedy.follow({ room })
  await heard.reached(1)
  greedy.stall()
  // 60 MB; the runtime keeps 16 MB of them, and would drop the rest.
  for (const _ of span(0, 20)) greedy.ask('room.get', { room }, 50)
  await until(async () => (await metric('foyer_open_streams')) === 0, { what: 'no open stream' })
  greedy.wake()
  await greedy.closed
})
