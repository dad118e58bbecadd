import { expect, test } from 'bun:test'
import { setTimeout as pause } from 'node:timers/promises'
import { FoyerError } from '../../client/errors.ts'
import type { Room } from '../../client/room/types.ts'
import { BEGINNING, randomEdit } from '../client/random-edits.ts'
import { startFleet } from '../kit/fleet.ts'
import { useDatabase } from '../kit/mongo.ts'
import { createAs, openAs } from '../kit/open-rooms.ts'
import { roomLog } from '../kit/room-log.ts'
import { startTcpProxy, targetOf } from '../kit/tcp-proxy.ts'
import { until } from '../kit/until.ts'
import { Random } from '../room/random.ts'
import { lies, markOf, type Told } from './told.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
/** Long form, of 120 s: LONG=1 bun test test/e2e/room-converge.test.ts; SEED=... repeats what chance did. */
const LONG = process.env.LONG === '1'
const SEED = Number(process.env.SEED ?? 20_261_121)
const RUN_MS = LONG ? 120_000 : 5_000
/** Ten edits a second on average: the marks of the long form are to fit into a room. */
const PACE_MS = 200
/** Nothing breaks in the end: what came between is the point, not how long a back-off is. */
const CALM_MS = 1_500

/** One user: random edits, each with a mark that nothing else has. The first two of four also take back and do again. */
async function play(room: Room, random: Random, { ends, undoes }: { ends: number; undoes: boolean }): Promise<Told[]> {
  const tried: Promise<Told>[] = []
  while (performance.now() < ends) {
    const name = `${room.user}-${tried.length}`
    const { operations, target } = randomEdit(random, room.data, name)
    const done = room.edit([...operations, markOf(name)])
    tried.push(
      done.then(
        (outcome) => ({ name, target, outcome }),
        (outcome: FoyerError) => ({ name, target, outcome }),
      ),
    )
    if (random.chance(0.05)) await room.settled()
    if (undoes && random.chance(0.1)) void room.undo().then(() => random.chance(0.5) && room.redo())
    if (random.chance(0.6)) await pause(random.below(PACE_MS * 1.5))
  }
  return Promise.all(tried)
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
      while (performance.now() < ends - CALM_MS) {
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
    const isThere = ({ version, state, pending }: Room) =>
      version >= log.state.seq && state === 'online' && pending === 0
    await until(() => rooms.every(isThere), { what: 'all have all', deadlineMs: 15_000 })

    for (const room of rooms) expect([SEED, room.user, room.data]).toEqual([SEED, room.user, log.state.data])
    expect(new Set(log.commands).size).toBe(log.commands.length)
    expect(told.flatMap((tried, nth) => lies({ user: `user${nth}`, tried, undoes: nth < 2 }, log))).toEqual([])
    const edits = told.flat()
    const refused = edits.filter(({ outcome }) => outcome instanceof FoyerError)
    expect(edits.length).toBeGreaterThan(RUN_MS / 50)
    expect(breaks).toBeGreaterThan(RUN_MS / 2_000)
    // Random edits meet each other: but most are to be done.
    expect(refused.length).toBeLessThan(edits.length / 2)
  },
  RUN_MS + 60_000,
)
