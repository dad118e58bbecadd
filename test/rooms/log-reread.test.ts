import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { openTally } from '../kit/tally.ts'
import { until } from '../kit/until.ts'

const { url } = useDatabase(import.meta.path)
const ROOMS = 150

const ADD = { type: 'add', by: 1 } as const

test('what others do in one of many watched rooms is heard of within seconds without any stream, and by a few reads', async () => {
  let reads = 0
  await using writer = await openTally(url)
  // What it writes is of a minute ago: nothing is new when the watcher looks.
  await using older = await openTally(url, { now: () => new Date(Date.now() - 60_000) })
  await using watcher = await openTally(url, (log) => ({ log: { ...log, tail: (key) => (reads++, log.tail(key)) } }))
  const rooms = Array.from({ length: ROOMS }, (_, i) => `room-${i}`)
  const heard = new Map<string, number>()
  for (const room of rooms) {
    await older.send(room, ADD)
    await watcher.watch(room, {
      landed: ({ state }) => void heard.set(room, state.sum),
      reset: ({ state }) => void heard.set(room, state?.sum ?? 0),
    })
  }
  // One reading of all of them, by its turn; from then on only of what is new.
  const begun = reads
  await until(() => reads >= begun + ROOMS, { what: 'all rooms are read once', deadlineMs: 15_000 })
  const before = reads
  for (let i = 0; i < 3; i++) await writer.send(`room-${7 * i}`, ADD)
  await until(() => [0, 7, 14].every((i) => heard.get(`room-${i}`) === 2), {
    what: 'the three rooms',
    deadlineMs: 20_000,
  })
  expect(reads - before).toBeLessThan(20)
}, 60_000)
