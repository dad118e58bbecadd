import { describe, expect, test } from 'bun:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { RoomVersions } from '../../client/rooms/types.ts'
import { startBun } from '../../server/dev/lines.ts'
import { startFleet } from '../kit/fleet.ts'
import { backendOf } from '../kit/followed.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startReplyProxy } from '../kit/reply-proxy.ts'
import { startServer } from '../kit/server.ts'
import { startTcpProxy } from '../kit/tcp-proxy.ts'
import { ROOT } from '../kit/test-mongo.ts'
import { until } from '../kit/until.ts'
import { ROOMS_ENV, span } from '../rooms/streams.ts'

const { url } = useDatabase(import.meta.path)

/** Two server processes, of which one is behind a proxy at a time. */
async function behindProxy() {
  const fleet = await startFleet({ url, size: 2 })
  const portOf = (nth: number) => ({ host: '127.0.0.1', port: Number(new URL(fleet.servers()[nth]?.url ?? '').port) })
  const proxy = await startTcpProxy(portOf(0))
  return {
    proxy,
    /** Connections from now on go to the other process; those that are there stay. */
    switchOver: () => proxy.aim(portOf(1)),
    /** kill -9 of the process that serves; clients find another. */
    kill: async () => {
      proxy.aim(portOf(1))
      await fleet.replaceOne()
      proxy.aim(portOf(0))
    },
    /** The clean end of the process that serves. */
    drain: async () => {
      proxy.aim(portOf(1))
      await fleet.servers()[0]?.stop()
    },
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]()
      await fleet[Symbol.asyncDispose]()
    },
  }
}

const ROOMS = 50
const ROUNDS = 12
const USERS = ['ann', 'ben', 'cem']

describe('fifty rooms on one connection', () => {
  test('are told without gap and without repeat, and take each command once, through cuts and kill -9', async () => {
    await using servers = await behindProxy()
    using backend = await backendOf(servers.proxy.url)
    const { rooms } = backend
    const created = await Promise.all(span(0, ROOMS).map(() => rooms.as('owner').create({ data: { n: 0 } })))
    const ids = created.map(({ room }) => room)
    for (const room of ids) rooms.follow(room, { after: 1 })
    await Promise.all(ids.flatMap((room) => USERS.map((user) => rooms.as(user).join(room))))

    let isOver = false
    const chaos = async () => {
      for (let cut = 0; !isOver; cut++) {
        await pause(20 + Math.random() * 250)
        if (cut % 6 === 3) await servers.kill()
        else servers.proxy.cutAll()
      }
    }
    const raging = chaos()
    const sent = ids.map(async (room, nth) => {
      for (const round of span(0, ROUNDS)) {
        const user = USERS[(nth + round) % USERS.length] ?? ''
        await rooms.as(user).edit(room, [{ op: 'increment', path: '/n', by: 1 }])
        await pause(Math.random() * 200)
      }
    })
    await Promise.all(sent)
    isOver = true
    await raging

    const last = 1 + USERS.length + ROUNDS
    await backend.reached(ids, last)
    for (const room of ids) {
      expect(backend.versionsOf(room)).toEqual(span(1, last))
      const edits = backend.eventsOf(room).filter(({ type }) => type === 'data.edited')
      expect(new Set(edits.map(({ command }) => command)).size).toBe(ROUNDS)
      expect(await rooms.get(room)).toMatchObject({ version: last, data: { n: ROUNDS } })
    }
    expect([backend.snapshots, backend.ends]).toEqual([[], []])
    expect(backend.states).toContain('offline')
    await until(() => rooms.state === 'online', { what: 'the connection is whole again' })
  }, 90_000)

  test('go on at another process when theirs drains, without a repeat and without a snapshot', async () => {
    await using servers = await behindProxy()
    using backend = await backendOf(servers.proxy.url)
    const { rooms } = backend
    const created = await Promise.all(span(0, ROOMS).map(() => rooms.as('owner').create({ data: { n: 0 } })))
    const ids = created.map(({ room }) => room)
    for (const room of ids) rooms.follow(room, { after: 0 })
    await backend.reached(ids, 1)
    let isDrained = false
    const writing = ids.map(async (room) => {
      let n = 0
      for (; !isDrained || n < 5; n++) await rooms.as('owner').edits(room).increment('/n')
      return n
    })
    await servers.drain()
    isDrained = true
    const counts = await Promise.all(writing)
    for (const [nth, room] of ids.entries()) {
      const last = 1 + (counts[nth] ?? 0)
      await backend.reached([room], last)
      expect(backend.versionsOf(room)).toEqual(span(0, last))
    }
    expect(backend.snapshots).toEqual([])
  }, 60_000)
})

describe('a command', () => {
  test('whose reply is lost is sent again under its id, and hears the first result', async () => {
    await using server = await startServer({ url, env: ROOMS_ENV })
    await using proxy = await startReplyProxy(server)
    using backend = await backendOf(proxy.url)
    const owner = backend.rooms.as('owner')
    proxy.loseReply('"replayed"')
    const { room, replayed } = await owner.create({ data: { n: 0 } })
    expect([replayed, proxy.lost()]).toEqual([true, 1])
    backend.rooms.follow(room, { after: 0 })
    await backend.reached([room], 1)
    for (const n of span(0, 5)) {
      proxy.loseReply('"replayed"')
      expect(await owner.edits(room).increment('/n', 5)).toEqual({ version: 1 + n, replayed: true, values: [5 * n] })
    }
    await backend.reached([room], 6)
    expect([proxy.lost(), backend.versionsOf(room)]).toEqual([6, span(0, 6)])
  })

  test('under an id of the application`s own is done once by two processes', async () => {
    await using servers = await behindProxy()
    using first = await backendOf(servers.proxy.url)
    const { room } = await first.rooms.as('owner').create({ data: { n: 0 } })
    const id = Bun.randomUUIDv7()
    const add = (backend: typeof first) =>
      backend.rooms.as('owner').edit(room, [{ op: 'increment', path: '/n', by: 1 }], { id })
    expect(await add(first)).toMatchObject({ version: 2, replayed: false })
    first.rooms.close()
    servers.switchOver()
    using second = await backendOf(servers.proxy.url)
    expect(await add(second)).toMatchObject({ version: 2, replayed: true, values: [1] })
  })
})

describe('a connection', () => {
  test('that is half open is given up, and what was missed comes', async () => {
    await using servers = await behindProxy()
    using backend = await backendOf(servers.proxy.url)
    using other = await backendOf(servers.proxy.url)
    const { room } = await backend.rooms.as('owner').create({ data: { n: 0 } })
    backend.rooms.follow(room)
    await until(() => backend.snapshots.length === 1, { what: 'the room' })
    servers.proxy.freeze()
    const edit = other.rooms.as('owner').edits(room).increment('/n')
    await backend.reached([room], 2)
    expect(await edit).toMatchObject({ version: 2 })
    expect(backend.versionsOf(room)).toEqual([2])
  })

  test('that ends makes nobody leave', async () => {
    await using servers = await behindProxy()
    using backend = await backendOf(servers.proxy.url)
    const { room } = await backend.rooms.as('owner').create()
    await backend.rooms.as('ann').join(room)
    backend.rooms.follow(room)
    await until(() => backend.snapshots.length === 1, { what: 'the room' })
    backend.rooms.close()
    await expect(backend.rooms.as('ann').edit(room, [])).rejects.toMatchObject({ rule: 'aborted' })
    using again = await backendOf(servers.proxy.url)
    expect(await again.rooms.get(room)).toMatchObject({ version: 2, occupants: ['owner', 'ann'] })
  })
})

describe('a new process', () => {
  test('that is given the versions which the killed one had stored misses nothing and repeats nothing', async () => {
    await using servers = await behindProxy()
    using writer = await backendOf(servers.proxy.url)
    const created = await Promise.all(span(0, 20).map(() => writer.rooms.as('owner').create({ data: { n: 0 } })))
    const ids = created.map(({ room }) => room)
    const stored: RoomVersions = Object.fromEntries(ids.map((room) => [room, 1]))
    const told = new Map(ids.map((room) => [room, new Array<number>()]))
    /** A process that tells its parent of each event, which stores how far it came. */
    const start = () =>
      startBun({
        args: ['test/kit/backend-child.ts', servers.proxy.url, JSON.stringify(stored)],
        cwd: ROOT,
        env: process.env,
        onLine: (line) => {
          const { room, versions }: { room: string; versions: number[] } = JSON.parse(line)
          told.get(room)?.push(...versions)
          stored[room] = versions.at(-1) ?? null
        },
      })
    let isOver = false
    const writing = ids.map(async (room) => {
      for (let n = 1; ; n++) {
        const { version } = await writer.rooms.as('owner').edits(room).increment('/n')
        if (isOver) return version
        await pause(Math.random() * 100)
      }
    })
    for (const life of span(0, 3)) {
      const child = start()
      const before = [...told.values()].flat().length
      await until(() => [...told.values()].flat().length > before + life * 40, {
        what: 'it is told',
        deadlineMs: 20_000,
      })
      child.signal('SIGKILL')
      expect(await child.exited).toBe('SIGKILL')
      if (life === 2) await servers.kill()
    }
    isOver = true
    const last = await Promise.all(writing)
    const child = start()
    await until(() => ids.every((room, nth) => stored[room] === last[nth]), { what: 'the rest', deadlineMs: 20_000 })
    child.signal('SIGKILL')
    await child.exited
    for (const [nth, room] of ids.entries()) expect(told.get(room)).toEqual(span(1, last[nth] ?? 0))
  }, 90_000)
})
