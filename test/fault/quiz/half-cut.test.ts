import { expect, test } from 'bun:test'
import { useDatabase } from '../../kit/mongo.ts'
import { figures } from '../../kit/quiz-epochs.ts'
import { FAST } from '../../kit/quiz-fast.ts'
import { readLines } from '../../kit/quiz-history.ts'
import { PERPETUAL } from '../../kit/quiz-play.ts'
import { HEARTBEAT, openStage, proxied, seriesOf, TAKEN_MS } from '../../kit/quiz-stage.ts'
import { until } from '../../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const IS_LONG = process.env.LONG === '1'
const ROUNDS = IS_LONG ? 8 : 1

test('F8: a worker that is heard but hears nothing leaves no ghost epoch, whatever became of its last words', async () => {
  await using proxy = await proxied(db)
  await using stage = await openStage({ url, db, kinds: PERPETUAL, first: { MONGODB_URL: proxy.mongoUrl } })
  const times: number[] = []
  let other = await stage.fleet.addWorker()
  // The last words that arrive: a commit, a heartbeat.
  const LAST = [['question.revealed'], HEARTBEAT, ['question.opened']]
  for (let round = 0; round < ROUNDS * LAST.length; round++) {
    await stage.goesOn()
    const rooms = stage.epochs.heldBy(stage.child)
    const cuts = proxy.cuts()
    proxy.cut({ lose: 'replies', text: LAST[round % LAST.length] ?? [] })
    await until(() => proxy.cuts() > cuts, { what: 'its last words', deadlineMs: 20_000 })
    times.push(...(await stage.epochs.takeovers(rooms)))
    await stage.goesOn()
    proxy.heal()
    await until(async () => (await seriesOf(stage.worker, 'foyer_conductors')) === 0, { what: 'it drops its rooms' })
    const back = stage.epochs.takeovers(rooms)
    await other.stop()
    await back
    other = await stage.fleet.addWorker()
    await stage.allGoOn()
  }
  if (IS_LONG) process.stderr.write(figures('F8', times))
  // Its last heartbeats arrive: one more than it knows of, and that of the turn in which it finds out.
  expect(Math.max(...times)).toBeLessThan(TAKEN_MS + 2 * Number(FAST.LEASE_RENEW_MS))
  expect(await stage.judge()).toEqual([])
}, 300_000)

test('F8: a claim whose reply is never heard is undone, or found out, and no epoch begins that has no lease', async () => {
  await using proxy = await proxied(db)
  await using stage = await openStage({ url, db, kinds: PERPETUAL })
  await stage.fleet.addWorker({ MONGODB_URL: proxy.mongoUrl })
  proxy.cut({ lose: 'replies', text: ['findAndModify', 'crash.notBefore'] })
  await stage.worker.stop()
  await until(() => proxy.cuts() === 1, { what: 'its claim', deadlineMs: 10_000 })
  const after = Promise.all(stage.play.ids.map((room) => stage.epochs.beganAfter(room, 1, 20_000)))
  const well = await stage.fleet.addWorker()
  await after
  expect(new Set(stage.holders()).size).toBe(1)
  proxy.heal()
  await stage.goesOn(10)
  await well.stop()
  await stage.goesOn(10)
  for (const room of stage.play.ids) {
    const { lines } = await readLines(db, room)
    const claimed = new Set(stage.leases.of(room).flatMap(({ epoch }) => epoch ?? []))
    const begun = lines.flatMap(({ event }) => (event.type === 'conductor.started' ? [event.epoch] : []))
    expect(begun.filter((epoch) => epoch > 1 && !claimed.has(epoch))).toEqual([])
  }
  expect(await stage.judge()).toEqual([])
}, 120_000)

test('F9: half-open connections are given up long before the system does, and no room changes hands for them', async () => {
  await using proxy = await proxied(db)
  // The usual leases: a conductor that hangs is left alone for three of its renewals.
  const env = {
    LEASE_MS: '15000',
    LEASE_RENEW_MS: '5000',
    LEASE_OP_MS: '2500',
    LEASE_GRACE_MS: '2000',
    SWEEP_MS: '1000',
  }
  await using stage = await openStage({ url, db, env, first: { MONGODB_URL: proxy.mongoUrl } })
  await using _other = await stage.fleet.addWorker()
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await stage.goesOn()
    proxy.freeze()
    times.push(...(await stage.allGoOn()))
  }
  if (IS_LONG) process.stderr.write(figures('F9', times))
  // Connecting and one heartbeat, and the questions themselves.
  expect(Math.max(...times)).toBeLessThan(12_000)
  // A conductor that hung for a whole renewal takes its own lease anew.
  expect(stage.holders()).toEqual(stage.play.ids.map(() => stage.child))
  expect(await stage.judge()).toEqual([])
}, 120_000)
