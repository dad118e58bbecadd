import assert from 'node:assert/strict'
import type { Db } from 'mongodb'
import type { EventDoc } from '../../../server/store/docs.ts'

/** Every room's log: `seq` without a gap and without an overlap, each document naming the one before, each command once. */
export async function assertGapless(db: Db): Promise<{ rooms: number; events: number }> {
  let rooms = 0
  let events = 0
  let before = { room: '', last: '', next: 1 }
  let commands = new Set<string>()
  const fields = { room: 1, seq: 1, n: 1, prev: 1, 'commands.id': 1 }
  for await (const doc of db
    .collection<EventDoc>('events')
    .find({}, { sort: { room: 1, seq: 1 }, projection: fields })) {
    const isFirst = before.room !== doc.room
    if (isFirst) {
      rooms++
      commands = new Set()
    }
    assert.equal(doc.seq, isFirst ? 1 : before.next, `a gap in room ${doc.room}`)
    assert.equal(doc.prev, isFirst ? null : before.last, `another history in room ${doc.room}`)
    for (const { id } of doc.commands ?? []) {
      assert.ok(!commands.has(id), `a command was done twice in room ${doc.room}`)
      commands.add(id)
    }
    events += doc.n
    before = { room: doc.room, last: doc._id, next: doc.seq + doc.n }
  }
  return { rooms, events }
}
