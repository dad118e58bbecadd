import { expect, test } from 'bun:test'
import { setTimeout as pause } from 'node:timers/promises'
import { FoyerError } from '../../client/errors.ts'
import type { EditReply } from '../../client/room/part.ts'
import type { Room } from '../../client/room/types.ts'
import { BEGINNING, randomEdit } from '../client/random-edits.ts'
import { startFleet } from '../kit/fleet.ts'
import { useDatabase } from '../kit/mongo.ts'
import { createAs, openAs } from '../kit/open-rooms.ts'
import { type RoomLog, roomLog } from '../kit/room-log.ts'
import { startTcpProxy, targetOf } from '../kit/tcp-proxy.ts'
import { until } from '../kit/until.ts'
import { Random } from '../room/random.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
/** Long form, of 120 s: LONG=1 bun test test/e2e/room-converge.test.ts; SEED=... repeats what chance did. */
const LONG = process.env.LONG === '1'
const SEED = Number(process.env.SEED ?? 20_261_121)
const RUN_MS = LONG ? 120_000 : 5_000
/** Ten edits a second on average: the marks of the long form are to fit into a room. */
const PACE_MS = 200

interface Tried {
  name: string
  outcome: EditReply | FoyerError
}

/** One user: random edits, each with a mark that nothing else has. The first two of four also take back and do again. */
async function play(room: Room, random: Random, { ends, undoes }: { ends: number; undoes: boolean }): Promise<Tried[]> {
  const tried: Promise<Tried>[] = []
  while (performance.now() < ends) {
    const name = `${room.user}-${tried.length}`
    const mark = { op: 'set', path: `/marks/${name}`, value: name } as const
    const { operations } = randomEdit(random, room.data, name)
    const done = room.edit([...operations, mark])
    tried.push(
      done.then(
        (outcome) => ({ name, outcome }),
        (outcome: FoyerError) => ({ name, outcome }),
      ),
    )
    if (random.chance(0.1)) await room.settled()
    if (undoes && random.chance(0.1)) void room.undo().then(() => random.chance(0.5) && room.redo())
    if (random.chance(0.6)) await pause(random.below(PACE_MS * 1.5))
  }
  return Promise.all(tried)
}

/** What is wrong with what a user was told, by where the log first has its marks. */
function lies(tried: readonly Tried[], { events }: RoomLog, undoes: boolean): string[] {
  const places = new Map<string, number>()
  for (const event of events) {
    if (event.type !== 'data.edited') continue
    for (const { op, ...operation } of event.operations) {
      if (op !== 'set' || !('path' in operation) || !operation.path.startsWith('/marks/')) continue
      const name = operation.path.slice('/marks/'.length)
      if (!places.has(name)) places.set(name, event.seq)
      else if (!undoes) return [`${name} is done twice`]
    }
  }
  let last = 0
  return tried.flatMap(({ name, outcome }) => {
    const place = places.get(name)
    if (outcome instanceof FoyerError) return place === undefined ? [] : [`${name}: ${outcome.rule}, and yet done`]
    if (place !== outcome.version) return [`${name} was told of ${outcome.version}, and is at ${place}`]
    const isLate = place < last
    last = place
    return isLate ? [`${name} is before the edit that was made before it`] : []
  })
}

test(
  `four users at two servers edit at random for ${RUN_MS / 1_000} s, their connections break: all end with what the log says`,
  async () => {
    const random = new Random(SEED)
    await using fleet = await startFleet({ url: mongo, size: 2 })
    const servers = fleet.servers().map(({ url }) => url)
    await using stack = new AsyncDisposableStack()
    const { id } = await createAs({ url: servers[0] ?? '', user: 'user0' }, { data: BEGINNING })
    const users = await Promise.all(
      [0, 1, 2, 3].map(async (nth) => {
        const proxy = stack.use(await startTcpProxy(targetOf(servers[nth % 2] ?? '')))
        const transport = nth === 3 ? 'websocket' : 'http'
        return { proxy, room: await openAs({ url: proxy.url, user: `user${nth}`, transport }, id) }
      }),
    )
    const rooms = users.map(({ room }) => room)
    const ends = performance.now() + RUN_MS
    let breaks = 0
    const breaker = async () => {
      while (performance.now() < ends) {
        await pause(100 + random.below(500))
        const proxy = users[random.below(users.length)]?.proxy
        proxy?.cutAll()
        breaks++
        if (random.chance(0.5)) continue
        // Away for a while, then perhaps at the other server.
        proxy?.aim(null)
        await pause(random.below(600))
        proxy?.aim(targetOf(servers[random.below(servers.length)] ?? ''))
      }
    }
    const playing = rooms.map((room, nth) => play(room, new Random(SEED + nth + 1), { ends, undoes: nth < 2 }))
    const [told] = await Promise.all([Promise.all(playing), breaker()])
    await Promise.all(rooms.map((room) => room.settled()))
    const log = await roomLog(db, id)
    await until(() => rooms.every(({ version }) => version >= log.state.seq), {
      what: 'all have all',
      deadlineMs: 15_000,
    })

    for (const room of rooms) expect([SEED, room.user, room.data]).toEqual([SEED, room.user, log.state.data])
    expect(rooms.map(({ state, pending }) => [state, pending])).toEqual(rooms.map(() => ['online', 0]))
    expect(new Set(log.commands).size).toBe(log.commands.length)
    expect(told.flatMap((tried, nth) => lies(tried, log, nth < 2))).toEqual([])
    const edits = told.flat()
    const refused = edits.filter(({ outcome }) => outcome instanceof FoyerError)
    console.error(
      `seed ${SEED}: ${edits.length} edits, ${refused.length} refused, ${breaks} breaks, ${log.state.seq} events`,
    )
    expect(edits.length).toBeGreaterThan(RUN_MS / 100)
    // Random edits meet each other: but most are to be done.
    expect(refused.length).toBeLessThan(edits.length / 2)
  },
  RUN_MS + 60_000,
)
