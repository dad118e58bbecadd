import { describe, expect, test } from 'bun:test'
import type { EventDoc } from '../../server/store/docs.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { seeded } from '../kit/random.ts'
import { streamChecker } from '../kit/stream-checker.ts'
import { type Cut, CutStream, type CutStreamOptions } from '../rooms/cut-stream.ts'
import { bump, linkOf, ROOMS_ENV, span } from '../rooms/streams.ts'
import { HOUR, openSweeper } from '../worker/sweeper.ts'

const { url, db } = useDatabase(import.meta.path)
/** `LONG=1`: ten thousand, and the figures are printed. */
const IS_LONG = process.env.LONG === '1'
const DISCONNECTS = IS_LONG ? 10_000 : 300
/** Of them in rooms where nothing happens: those are soon made. */
const IN_QUIET = DISCONNECTS / 5
const SEED = 20
const servers = await Promise.all([0, 1].map(() => spawnServer({ url, env: ROOMS_ENV })))
const writers = await Promise.all(servers.map((server) => linkOf(server.url, 'alice')))
const ALICE = { user: 'alice', service: false }
const random = seeded(SEED)
const below = (most: number) => Math.floor(random() * most)
const one = <T>(items: readonly T[]): T => {
  const item = items[below(items.length)]
  if (item === undefined) throw new Error('nothing to choose from')
  return item
}
const anyServer = () => one(servers).url
const anyWriter = () => one(writers).client

const make = async () => (await anyWriter().room.create.mutate({ data: { n: 0 } })).room
const docsOf = (room: string) => db.collection<EventDoc>('events').find({ room }).sort({ seq: 1 }).toArray()
const versionOf = async (room: string) => (await anyWriter().room.get.query({ room })).version

/** Cuts for a room in which something happens, and for one in which nothing does. */
const LIVELY = [
  (): Cut => ({ at: 'request' }),
  (): Cut => ({ at: 'start' }),
  (): Cut => ({ at: 'frame', frames: 1 + below(5) }),
  (): Cut => ({ at: 'frame', frames: 1 + below(5) }),
  (): Cut => ({ at: 'byte', bytes: 1 + below(3_000) }),
  (): Cut => ({ at: 'byte', bytes: 1 + below(3_000) }),
]
const QUIET = LIVELY.slice(0, 2)

/** Streams that are cut again and again until so many cuts were made by all of them together, or each is over. */
function campaign(most: number, cuts: readonly (() => Cut)[]) {
  const counts = { cuts: 0, request: 0, start: 0, frame: 0, byte: 0, websocket: 0, sse: 0, feed: 0 }
  const run = async (stream: CutStream) => {
    while (counts.cuts < most && !stream.isOver) {
      const cut = one(cuts)()
      await stream.cutOff(anyServer(), cut)
      counts.cuts++
      counts[cut.at]++
      counts[stream.options.transport]++
    }
  }
  return { counts, run, isOn: () => counts.cuts < most }
}
type Campaign = ReturnType<typeof campaign>

const stream = (transport: CutStreamOptions['transport'], rooms: CutStreamOptions['rooms']) =>
  new CutStream({ transport, rooms, user: transport === 'feed' ? 'backend' : 'alice' })
const streams = (room: string, after: () => number | null) =>
  (['websocket', 'sse'] as const).flatMap((transport) => span(0, 4).map(() => stream(transport, { [room]: after() })))

/** Rooms that are written and then deleted, one after the other, while those who follow them are cut; what was wrong. */
async function doomed({ run, isOn }: Campaign): Promise<string[]> {
  const faults: string[] = []
  while (isOn()) {
    const room = await make()
    const followers = streams(room, () => one([null, 0, 1]))
    const cutting = followers.map(run)
    for (const _ of span(0, 10 + below(30))) await bump(anyWriter(), room)
    await anyWriter().room.delete.mutate({ room })
    await Promise.all(cutting)
    const docs = await docsOf(room)
    const check = streamChecker({ docs, viewer: ALICE })
    for (const follower of followers) {
      await follower.reach(anyServer(), { [room]: Number.POSITIVE_INFINITY })
      faults.push(...check(follower.received(room)))
      // Cut right behind the tombstone, it does not hear that the stream is complete.
      faults.push(...follower.heard.ends.filter((end) => end !== 'complete'))
    }
  }
  return faults
}

/** Rooms with a history of days, of which the older half was removed while nobody was connected. */
async function longIdle() {
  await using sweeper = await openSweeper(url)
  const rooms = await Promise.all(span(0, 2).map(() => sweeper.room([52, 51, 50, 49, 5, 4, 3, 2].map((h) => h * HOUR))))
  const docs = new Map(await Promise.all(rooms.map(async (room) => [room, await sweeper.docs(room)] as const)))
  expect(await sweeper.sweep()).toMatchObject({ deleted: 8 })
  return docs
}

describe(`${DISCONNECTS} disconnects at random moments, over two servers under load`, () => {
  test('leave each stream without a gap, a double or a foreign event, by a checker', async () => {
    const old = await longIdle()
    const lively = [...(await Promise.all([make(), make(), make()])), ...old.keys()]
    const quiet = [await make(), await make()]
    const busy = campaign(DISCONNECTS - IN_QUIET, LIVELY)
    const idle = campaign(IN_QUIET, QUIET)
    const began = performance.now()

    const perRoom = lively.flatMap((room) => streams(room, () => (old.has(room) ? below(9) : one([null, 0, 1]))))
    const silent = quiet.flatMap((room) => streams(room, () => one([0, 1])))
    const from = (rooms: readonly string[]) => Object.fromEntries(rooms.map((room) => [room, one([null, 1])]))
    const feeds = span(0, 4).map(() => stream('feed', from([...lively, ...quiet])))
    // Longer than the last cut: it may wait for a frame.
    let isCutting = true
    const writing = lively.map(async (room) => {
      // Some at once, so that a version may be in the middle of a document.
      while (isCutting) await Promise.all(span(0, 4).map(() => bump(anyWriter(), room)))
    })
    const faults = doomed(busy)
    await Promise.all([...[...perRoom, ...feeds].map(busy.run), ...silent.map(idle.run)])
    isCutting = false
    await Promise.all(writing)
    // Whoever heard nothing all the time hears this.
    for (const room of quiet) await bump(anyWriter(), room)
    expect(await faults).toEqual([])

    const rooms = [...lively, ...quiet]
    const versions = Object.fromEntries(await Promise.all(rooms.map(async (room) => [room, await versionOf(room)])))
    const followers = [...perRoom, ...silent, ...feeds]
    const ofItsRooms = ({ options }: CutStream) =>
      Object.fromEntries(Object.keys(options.rooms).map((room) => [room, versions[room]]))
    await Promise.all(followers.map((follower) => follower.reach(anyServer(), ofItsRooms(follower))))
    let frames = 0
    for (const room of rooms) {
      const docs = [...(old.get(room) ?? []).filter(({ seq }) => seq <= 4), ...(await docsOf(room))]
      const forgotten = old.has(room) ? 4 : 0
      const alice = streamChecker({ docs, viewer: ALICE, forgotten })
      const backend = streamChecker({ docs, viewer: { user: 'backend', service: true }, forgotten })
      for (const follower of followers.filter(({ options }) => room in options.rooms)) {
        const received = follower.received(room)
        frames += received.frames.length
        expect((follower.options.transport === 'feed' ? backend : alice)(received)).toEqual([])
        expect(follower.heard.ends).toEqual([])
      }
    }
    const seconds = Math.round((performance.now() - began) / 1_000)
    if (IS_LONG)
      process.stderr.write(
        `${JSON.stringify({ busy: busy.counts, idle: idle.counts, frames, versions: Object.values(versions), seconds })}\n`,
      )
    for (const kind of ['request', 'start', 'frame', 'byte', 'websocket', 'sse', 'feed'] as const)
      expect(busy.counts[kind]).toBeGreaterThan(0)
  }, 900_000)

  test.each([
    ['one too low', -1],
    ['one too high', 1],
  ] as const)('the control: the checker finds out who resumes %s', async (_, by) => {
    const room = await make()
    for (const _ of span(0, 9)) await bump(anyWriter(), room)
    const follower = new CutStream({
      ...{ user: 'alice', transport: 'websocket', rooms: { [room]: 0 } },
      resumeAt: (version) => (version === 0 ? 0 : version + by),
    })
    await follower.cutOff(anyServer(), { at: 'frame', frames: 1 })
    const at = follower.at(room)
    for (const _ of span(0, 3)) await bump(anyWriter(), room)
    const version = at + 3
    await follower.reach(anyServer(), { [room]: version })
    const faults = streamChecker({ docs: await docsOf(room), viewer: ALICE })(follower.received(room))
    expect(faults).toEqual([`${at + 1 + by} came after ${at}`])
  })
})
