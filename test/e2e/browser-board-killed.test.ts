import { expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import type { Board } from '../../client/demo/board/data.ts'
import { boardOf, follow, makeBoard, press, roomOf, saved, shownOf, shows, stroke, type } from '../kit/board.ts'
import { reach } from '../kit/chat.ts'
import { databaseUrl } from '../kit/mongo.ts'
import { type Spawned, spawnServer } from '../kit/processes.ts'
import { type Robot, startRobot } from '../kit/robot.ts'
import { roomLog } from '../kit/room-log.ts'
import { useSite } from '../kit/site.ts'
import { startTcpProxy, targetOf } from '../kit/tcp-proxy.ts'
import { JWT_SECRET } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'

const site = await useSite(import.meta.path)

/** How often each of the three does what it does. */
const ROUNDS = 24
const rounds = Array.from({ length: ROUNDS }, (_, nth) => nth)
const WAIT_MS = 60_000

const ENV = { JWT_SECRET, RATE_PER_USER: '0', RATE_PER_ROOM: '0' }
const spawn = () => spawnServer({ url: databaseUrl(site.db.databaseName), env: ENV })

/** Where a stroke begins says whose it is, and how far down its number. */
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

/** Draws and counts. */
async function alices(page: Page): Promise<void> {
  for (const nth of rounds) {
    await stroke(page, wayOf('alice', nth))
    await press(page, 'One more')
  }
}

/** Draws, writes into the table and counts. */
async function bobs(page: Page): Promise<void> {
  for (const nth of rounds) {
    await stroke(page, wayOf('bob', nth))
    await type(page, nth % 2, ['Task', `task ${nth}`])
    await press(page, 'One more')
  }
}

/** Answers each of Bob's strokes, as soon as it sees it, with one of its own, a cell and the counter. */
async function robots(robot: Robot): Promise<void> {
  const [even = '', odd = ''] = robot.board().rows.map(({ id }) => id)
  for (const nth of rounds) {
    const sees = () => numbersOf(robot.board(), 'bob').length > nth
    await until(sees, { what: `the backend sees stroke ${nth}`, deadlineMs: WAIT_MS })
    await robot.draw(`robot-${nth}`, wayOf('robot', nth).flat())
    await robot.count(2)
    await robot.due(nth % 2 === 0 ? even : odd, `due ${nth}`)
  }
}

interface Disaster {
  room: string
  /** How many strokes the log has when it happens. */
  after: number
  dying: Spawned
  /** Whose server it is: it hears of it before it is led to another. */
  page: Page
  author: Author
}

/** kill -9 in the middle of the work. */
async function strike({ room, after, dying, page, author }: Disaster): Promise<void> {
  const due = async () => (await boardOf(site, room)).strokes.length >= after
  await until(due, { what: `${after} strokes`, deadlineMs: WAIT_MS })
  await dying.kill('SIGKILL')
  await page.waitForSelector('[data-testid=server][data-state=offline]', { timeout: 20_000 })
  const board = await boardOf(site, room)
  for (const one of [author, 'robot'] as const) expect(numbersOf(board, one).length).toBeLessThan(ROUNDS)
}

site.describe('two browsers and an integrator`s backend on one board, through two server processes', () => {
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
    using robot = await startRobot(toA.url, room)
    await until(() => robot.board().rows.length === 2, { what: 'the backend sees the rows' })

    const disasters = async () => {
      await strike({ room, after: 10, dying: a, page: alice, author: 'alice' })
      toA.aim(targetOf(b.url))
      await alice.waitForSelector('[data-testid=server][data-state=online]', { timeout: 20_000 })
      const fresh = await spawn()
      await strike({ room, after: 30, dying: b, page: bob, author: 'bob' })
      for (const proxy of [toA, toB]) proxy.aim(targetOf(fresh.url))
    }
    await Promise.all([alices(alice), bobs(bob), robots(robot), disasters()])
    await Promise.all([saved(alice), saved(bob)])

    const board = await boardOf(site, room)
    for (const author of ['alice', 'bob', 'robot'] as const) expect(numbersOf(board, author)).toEqual(rounds)
    expect(board.count).toBe(ROUNDS + ROUNDS + 2 * ROUNDS)
    const last = [ROUNDS - 2, ROUNDS - 1]
    expect(board.rows.map(({ task, due }) => [task, due])).toEqual(last.map((nth) => [`task ${nth}`, `due ${nth}`]))

    const { events, commands } = await roomLog(site.db, room)
    expect(new Set(commands).size).toBe(commands.length)
    await until(() => robot.version() === events.length, { what: 'the backend is at the end of the log' })
    expect(robot.events.map(({ version, ...event }) => ({ ...event, seq: version }))).toEqual([...events])
    expect([robot.snapshots, robot.outages() > 0]).toEqual([[], true])
    expect(robot.board()).toEqual(board)
    const shown = shownOf(board)
    for (const page of [alice, bob]) await shows(page, 'the data of the log', (now) => Bun.deepEquals(now, shown))
  })
})
