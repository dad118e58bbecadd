import { expect, test } from 'bun:test'
import type { EditReply } from '../../client/room/part.ts'
import type { Rejected, Room } from '../../client/room/types.ts'
import { startFleet } from '../kit/fleet.ts'
import { useDatabase } from '../kit/mongo.ts'
import { createAs, openAs } from '../kit/open-rooms.ts'
import { seeded } from '../kit/random.ts'
import { roomLog } from '../kit/room-log.ts'
import { startTcpProxy, targetOf, type TcpProxy } from '../kit/tcp-proxy.ts'
import { until } from '../kit/until.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
/** Long form: LONG=1 bun test test/e2e/room-killed.test.ts */
const LONG = process.env.LONG === '1'
const KILLS = LONG ? 20 : 2
const EDITS = KILLS * 60
const TRANSPORTS = ['http', 'http', 'websocket'] as const

/** An edit and what its sender was told. */
interface Told {
  user: string
  id: string
  kind: 'count' | 'line'
  reply: EditReply
}

const lineOf = (user: string, nth: number) => `${user}-${nth}`

/** Edits as fast as its queue is short, with a few on their way at any time; gives all that it was told. */
async function work(room: Room, random: () => number, onEdit: () => void): Promise<Told[]> {
  const told: Promise<Told>[] = []
  for (let nth = 0; nth < EDITS; nth++) {
    const kind = random() < 0.5 ? 'count' : 'line'
    const id = lineOf(room.user, nth)
    const edits =
      kind === 'count'
        ? room.increment('/sum', 1)
        : room.edit([
            { op: 'append', path: '/lines', values: [{ id }] },
            { op: 'insert', path: `/own/${room.user}`, at: { index: 0 }, value: nth },
          ])
    told.push(edits.then((reply) => ({ user: room.user, id, kind, reply })))
    onEdit()
    if (random() < 0.3) await told.at(-1)
    await until(() => room.pending < 12, { what: 'the queue is short', deadlineMs: 20_000 })
  }
  return Promise.all(told)
}

test(`three users edit without a pause while a server is killed ${KILLS} times: all is done once, in order, and truly told`, async () => {
  await using fleet = await startFleet({ url: mongo, size: 2 })
  const urls = () => fleet.servers().map(({ url }) => url)
  const [first = ''] = urls()
  const proxies: TcpProxy[] = []
  await using end = new AsyncDisposableStack()
  for (const _ of TRANSPORTS) proxies.push(end.use(await startTcpProxy(targetOf(first))))

  const own = { user0: [], user1: [], user2: [] }
  const { id } = await createAs({ url: first, user: 'user0' }, { data: { sum: 0, lines: [], own } })
  const rooms = await Promise.all(
    proxies.map(({ url }, nth) => openAs({ url, user: `user${nth}`, transport: TRANSPORTS[nth] ?? 'http' }, id)),
  )
  const rejected: Rejected[] = []
  for (const room of rooms) room.on('rejected', (one) => void rejected.push(one))

  let made = 0
  const total = EDITS * rooms.length
  const killer = async () => {
    for (let kill = 1; kill <= KILLS; kill++) {
      const due = (total * kill) / (KILLS + 1)
      await until(() => made >= due, { what: `${due} edits are made`, deadlineMs: 600_000 })
      // All are on the one that dies; afterwards on both that live.
      const doomed = urls()[fleet.kills() % 2] ?? ''
      for (const proxy of proxies) proxy.aim(targetOf(doomed))
      for (const proxy of proxies) proxy.cutAll()
      await until(() => rooms.every(({ state }) => state === 'online'), { what: 'all are there', deadlineMs: 20_000 })
      const dies = fleet.replaceOne()
      await dies
      proxies.forEach((proxy, nth) => proxy.aim(targetOf(urls()[nth % 2] ?? '')))
    }
  }
  const random = seeded(11)
  const [told] = await Promise.all([
    Promise.all(rooms.map((room) => work(room, random, () => void made++))).then((all) => all.flat()),
    killer(),
  ])
  await Promise.all(rooms.map((room) => room.settled()))
  expect(fleet.kills()).toBe(KILLS)
  expect(rejected).toEqual([])

  const { state, events, commands } = await roomLog(db, id)
  await until(() => rooms.every(({ version }) => version === state.seq), { what: 'all have all', deadlineMs: 20_000 })
  for (const room of rooms) expect(room.data).toEqual(state.data)
  expect(new Set(commands).size).toBe(commands.length)

  // Nothing lost, doubled or reordered.
  const counts = told.filter(({ kind }) => kind === 'count')
  const lines = told.filter(({ kind }) => kind === 'line')
  // edge: the test has made the data so
  const data = state.data as unknown as { sum: number; lines: { id: string }[]; own: Record<string, number[]> }
  expect(data.sum).toBe(counts.length)
  expect(data.lines.map((line) => line.id).toSorted()).toEqual(lines.map((line) => line.id).toSorted())
  for (const { user } of rooms) {
    const mine = lines.filter((one) => one.user === user).map((one) => one.id)
    expect(data.lines.map((line) => line.id).filter((line) => line.startsWith(`${user}-`))).toEqual(mine)
    expect(data.own[user]?.map((nth) => lineOf(user, nth))).toEqual(mine.toReversed())
  }
  // Whoever awaited an edit was told its place and its value: the counts are 1, 2, 3, ... each told to one.
  expect(counts.map(({ reply }) => Number(reply.values[0])).toSorted((a, b) => a - b)).toEqual(
    counts.map((_, i) => i + 1),
  )
  for (const { user, id: line, kind, reply } of told) {
    const event = events[reply.version - 1]
    expect(event).toMatchObject({ type: 'data.edited', by: user })
    if (kind === 'line') expect(JSON.stringify(event)).toContain(`"${line}"`)
  }
}, 600_000)
