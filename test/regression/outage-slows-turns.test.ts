import { expect, test } from 'bun:test'
import { docsOf, draft, eventsIn, logAppends } from '../kit/log-parts.ts'
import { recorder } from '../kit/log-recorder.ts'
import { useDatabase } from '../kit/mongo.ts'
import { openTally } from '../kit/tally.ts'

const { url, db } = useDatabase(import.meta.path)
const OUTAGE_MS = 3_000

// An insert that had to wait for the database counted as what an insert takes: after an outage of some seconds a process gave each
// other one in a contended room (room-log.md 8) seconds before its own next document, and conductors passed for stuck.
test('an insert that took an outage does not hold up the next ones of a room that others write to', async () => {
  let landed = Number.POSITIVE_INFINITY
  let longest = 0
  const log = logAppends(async (form, append, times) => {
    const doc = form()
    longest = Math.max(longest, performance.now() - landed)
    if (times === 0) await Bun.sleep(OUTAGE_MS)
    else if (times % 2 === 0)
      await eventsIn(db).insertOne(draft({ room: doc.room, seq: doc.seq, prev: doc.prev, adds: [0] }))
    const outcome = await append(() => doc)
    landed = outcome.stored ? performance.now() : Number.POSITIVE_INFINITY
    return outcome
  })
  await using tally = await openTally(url, log)
  const { add, room, faults } = recorder()
  for (let i = 0; i < 6; i++) await add(tally)
  expect(tally.conflicts.length).toBeGreaterThan(2)
  expect(faults(await docsOf(db, room))).toEqual([])
  expect(longest).toBeLessThan(200)
})
