import { expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { boardSchema, type Board } from '../../client/demo/board/data.ts'
import { follow, makeBoard, press, roomOf, saved, shownOf, shows, stroke, type } from '../kit/board.ts'
import { reach } from '../kit/chat.ts'
import { databaseUrl } from '../kit/mongo.ts'
import { openAs } from '../kit/open-rooms.ts'
import { type Spawned, spawnServer } from '../kit/processes.ts'
import { roomLog } from '../kit/room-log.ts'
import { useSite } from '../kit/site.ts'
import { startTcpProxy, targetOf } from '../kit/tcp-proxy.ts'
import { JWT_SECRET } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'

const site = await useSite(import.meta.path)

/** How often each of the three does what it does. */
const ROUNDS = 24
const WAIT = { deadlineMs: 60_000 }

const spawn = () =>
  spawnServer({
    url: databaseUrl(site.db.databaseName),
    env: { JWT_SECRET, RATE_PER_USER: '0', RATE_PER_ROOM: '0' },
  })
const logOf = (room: string) => roomLog(site.db, room)
const dataOf = async (room: string): Promise<Board> => boardSchema.parse((await logOf(room)).state.data)

/** Where a stroke begins says whose it is, and its number. */
const COLUMNS = { alice: 100, bob: 400, robot: 700 }
type Author = keyof typeof COLUMNS
const wayOf = (author: Author, nth: number) =>
  [
    [COLUMNS[author], 20 + 20 * nth],
    [COLUMNS[author] + 200, 20 + 20 * nth],
  ] as const

/** The numbers of an author's strokes, in the order of the data. The mouse meets whole pixels, not the drawing's units. */
const numbersOf = ({ strokes }: Board, author: Author): number[] =>
  strokes
    .filter(({ points: [x = 0] }) => Math.abs(x - COLUMNS[author]) < 20)
    .map(({ points: [, y = 0] }) => Math.round((y - 20) / 20))

const numbers = Array.from({ length: ROUNDS }, (_, nth) => nth)

/** A person who draws and counts. */
async function draws(page: Page, author: Author): Promise<void> {
  for (const nth of numbers) {
    await stroke(page, wayOf(author, nth))
    await press(page, 'One more')
  }
}

/** A person who draws, and writes into the table. */
async function writes(page: Page, author: Author): Promise<void> {
  for (const nth of numbers) {
    await stroke(page, wayOf(author, nth))
    await type(page, nth % 2, ['Task', `task ${nth}`])
    await press(page, 'One more')
  }
}

site.describe('two browsers and an integrator`s backend on one board', () => {
  test('lose, double and reorder nothing while either server is killed', async () => {
    const [a, b] = await Promise.all([spawn(), spawn()])
    await using toA = await startTcpProxy(targetOf(a.url))
    await using toB = await startTcpProxy(targetOf(b.url))
    const alice = await makeBoard(site, 'Alice', { origin: toA.url })
    const room = roomOf(alice)
    const bob = await follow(site, room, { name: 'Bob', origin: toB.url })
    await reach(bob, 'board', 'open')
    await press(bob, 'Add row')
    await press(bob, 'Add row')
    await shows(bob, 'two rows', ({ rows }) => rows.length === 2)
    const ids = (
      await until(async () => (await dataOf(room)).rows.length === 2 && dataOf(room), { what: 'two rows in the log' })
    ).rows.map(({ id }) => id)

    // One WebSocket of the integrator, which acts for a user of its own.
    const backend = await openAs(
      { url: toA.url, user: 'backend', token: { role: 'service' }, as: 'robot', transport: 'websocket' },
      room,
      { schema: boardSchema },
    )
    const automates = async () => {
      for (const nth of numbers) {
        const points = wayOf('robot', nth).flat()
        backend.append('/strokes', { id: `robot-${nth}`, ink: 5, points })
        backend.increment('/count', 2, { min: 0, max: 999 })
        await backend.set(`/rows/@${ids[nth % 2] ?? ''}/due`, `due ${nth}`)
      }
    }

    /** Kills one server when the work has come this far, and later leads its clients to the other. */
    const kills = async (dying: Spawned, { after, lead }: { after: number; lead: () => void }) => {
      await until(async () => (await dataOf(room)).strokes.length >= after, { what: `${after} strokes`, ...WAIT })
      await dying.kill('SIGKILL')
      const [page] = dying === a ? [alice] : [bob]
      await page.waitForSelector('[data-testid=server][data-state=offline]', { timeout: 20_000 })
      lead()
    }
    const disasters = async () => {
      await kills(a, { after: 10, lead: () => toA.aim(targetOf(b.url)) })
      await alice.waitForSelector('[data-testid=server][data-state=online]', { timeout: 20_000 })
      const fresh = await spawn()
      await kills(b, {
        after: 30,
        lead: () => [toA, toB].forEach((proxy) => proxy.aim(targetOf(fresh.url))),
      })
    }
    await Promise.all([draws(alice, 'alice'), writes(bob, 'bob'), automates(), disasters()])
    await Promise.all([saved(alice), saved(bob), backend.settled()])

    const data = await dataOf(room)
    for (const author of ['alice', 'bob', 'robot'] as const) expect(numbersOf(data, author)).toEqual(numbers)
    expect(data.count).toBe(ROUNDS + ROUNDS + 2 * ROUNDS)
    expect(data.rows.map(({ task, due }) => [task, due])).toEqual([
      [`task ${ROUNDS - 2}`, `due ${ROUNDS - 2}`],
      [`task ${ROUNDS - 1}`, `due ${ROUNDS - 1}`],
    ])
    const { commands, state } = await logOf(room)
    expect(new Set(commands).size).toBe(commands.length)
    await until(() => backend.version === state.seq, { what: 'the backend is at the end of the log' })
    expect(backend.data).toEqual(data)
    const shown = shownOf(data)
    for (const page of [alice, bob]) await shows(page, 'the data of the log', (now) => Bun.deepEquals(now, shown))
  })
})
