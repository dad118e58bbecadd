import { beforeEach, describe, expect, test } from 'bun:test'
import type { WorkerDoc } from '../../server/store/docs-quiz.ts'
import { useDatabase } from '../kit/mongo.ts'
import { type Spawned, spawnMain } from '../kit/processes.ts'
import { until } from '../kit/until.ts'
import { CARDS, isType, type Line, openConducting } from './conduct-kit.ts'

const database = useDatabase(import.meta.path)
const kit = await openConducting(database)
beforeEach(() => database.db.collection('leases').deleteMany({}))
const LONG = { deadlineMs: 20_000 }
const workers = database.db.collection<WorkerDoc>('workers')
/** Time for another process to begin before the first question, and no more than it takes. */
const PACE = { lobbyMs: 2_000, questionMs: 1_000 }

/** A process of its own; its worker id is `WORKER`. */
const spawn = (worker: string, env: Record<string, string> = {}) =>
  spawnMain('test/worker/conduct-child.ts', { url: database.url, env: { WORKER: worker, ...env } })

const holder = async (room: string) => (await kit.state(room)).conductor.holder
const heldBy = (room: string, worker: string) =>
  until(async () => (await holder(room)) === worker, { what: `${worker} conducts`, ...LONG })
const question = (room: string) =>
  until(async () => (await kit.lines(room)).some(isType('question.opened')), { what: 'a question' })
const counterOf = async ({ url: at }: Spawned, name: string) => {
  const text = await (await fetch(at)).text()
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN)
}

/** Each event of a conductor is of the newest epoch, and each epoch of one process. */
function faultsOf(lines: readonly Line[]): string[] {
  let newest = { epoch: 0, origin: '' }
  return lines.flatMap((line, i) => {
    if (line.type === 'conductor.started') {
      const isNext = line.epoch > newest.epoch
      newest = { epoch: line.epoch, origin: line.origin }
      return isNext ? [] : [`epoch ${line.epoch} at ${i} does not grow`]
    }
    if (!('epoch' in line) || line.epoch === undefined) return []
    const isNewest = line.epoch === newest.epoch && line.origin === newest.origin
    return isNewest ? [] : [`${line.type} at ${i} under epoch ${line.epoch} of another process`]
  })
}
const asked = (lines: readonly Line[]) => lines.filter(isType('question.opened')).map(({ question }) => question)
const revealed = (lines: readonly Line[]) => lines.filter(isType('question.revealed')).map(({ question }) => question)

/** All questions of the room's round were asked once and revealed once, in their order. */
async function roundIsWhole(room: string) {
  const ended = async () => (await kit.lines(room)).some(isType('round.ended'))
  await until(ended, { what: 'the end of the round', ...LONG })
  const lines = await kit.lines(room)
  const all = CARDS.map((_, i) => i)
  const first = lines.slice(0, lines.findIndex(isType('round.ended')))
  expect(asked(first)).toEqual(all)
  expect(revealed(first)).toEqual(all)
  expect(faultsOf(lines)).toEqual([])
  return lines
}

describe('a perpetual room', () => {
  test('whose process is killed amid a question is conducted by another under the next epoch, when its lease is over', async () => {
    const room = await kit.make('group', PACE)
    const first = await spawn('first')
    await heldBy(room, 'first')
    await using _second = await spawn('second')
    await question(room)
    const killedAt = performance.now()
    await first.kill('SIGKILL')
    await heldBy(room, 'second')
    expect(performance.now() - killedAt).toBeLessThan(9_000)
    const lines = await roundIsWhole(room)
    const [, started] = lines.filter(isType('conductor.started'))
    expect(started).toMatchObject({ epoch: 2, holder: 'second' })
  })

  test('whose process stood still is not disturbed when that goes on', async () => {
    const room = await kit.make('group', PACE)
    const first = await spawn('first')
    await heldBy(room, 'first')
    await using _second = await spawn('second')
    await question(room)
    void first.kill('SIGSTOP')
    await heldBy(room, 'second')
    void first.kill('SIGCONT')
    await until(async () => (await counterOf(first, 'foyer_conductors')) === 0, { what: 'the first gives up' })
    expect(await counterOf(first, 'foyer_self_fences_total')).toBe(1)
    await roundIsWhole(room)
    expect(await holder(room)).toBe('second')
    await first.kill('SIGKILL')
  })

  for (const fence of ['on', 'off'] as const)
    test(`that another took while its holder still counts its lease as good ${fence === 'on' ? 'is acted upon by one' : 'would be acted upon by two without the fence'}`, async () => {
      const room = await kit.make('group', PACE)
      const first = await spawn('first', fence === 'on' ? {} : { UNFENCED: '1' })
      await heldBy(room, 'first')
      const second = await spawn('second')
      await question(room)
      void first.kill('SIGSTOP')
      await kit.expire(room)
      await heldBy(room, 'second')
      void first.kill('SIGCONT')
      if (fence === 'on') await roundIsWhole(room)
      else await until(async () => faultsOf(await kit.lines(room)).length > 0, { what: 'two conductors', ...LONG })
      await Promise.all([first.kill('SIGKILL'), second.kill('SIGKILL')])
    })

  for (const [point, least] of [
    ['afterClaim', 0],
    ['beforeCommit', 1],
    ['afterCommitBeforeAck', 2],
  ] as const)
    test(`survives a process that dies ${point}`, async () => {
      const room = await kit.make('group')
      const first = await spawn('first', { FAILPOINT: point })
      expect(await first.exited).toBe('SIGKILL')
      expect((await kit.lease(room))?.holder?.worker).toBe('first')
      const own = (await kit.lines(room)).filter((line) => 'epoch' in line)
      expect(own.length).toBeGreaterThanOrEqual(least)
      await kit.expire(room)
      await using _second = await spawn('second')
      await heldBy(room, 'second')
      await roundIsWhole(room)
    })
})

describe('an evanescent room', () => {
  test('goes on under the next epoch when its process stood still for longer than its lease', async () => {
    const room = await kit.make('solo', PACE)
    const only = await spawn('only')
    await question(room)
    void only.kill('SIGSTOP')
    const isOver = { _id: 'only', $expr: { $lt: ['$expiresAt', '$$NOW'] } }
    await until(() => workers.countDocuments(isOver), { what: 'expiry', ...LONG })
    expect((await kit.state(room)).ended).toBeNull()
    void only.kill('SIGCONT')
    const lines = await roundIsWhole(room)
    expect(lines.filter(isType('conductor.started')).map(({ epoch }) => epoch)).toEqual([1, 2])
    await until(async () => (await kit.state(room)).ended !== null, { what: 'its end' })
    expect((await kit.state(room)).ended).toMatchObject({ reason: 'finished' })
    await only.stop()
  })

  test('is not taken by another process when its own is killed, and its lease tells', async () => {
    const room = await kit.make('solo', PACE)
    const first = await spawn('first')
    await heldBy(room, 'first')
    await using _second = await spawn('second')
    await question(room)
    await first.kill('SIGKILL')
    const lost = await until(async () => (await kit.leases.lost({ limit: 10 }))[0], { what: 'its loss', ...LONG })
    expect(lost).toEqual({ room, epoch: 1, reason: 'conductor-lost' })
    expect(await kit.lease(room)).toMatchObject({ status: 'held', holder: { worker: 'first' } })
    expect(await holder(room)).toBe('first')
  })
})
