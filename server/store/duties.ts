import type { Collection } from 'mongodb'
import type { EventDoc } from './docs.ts'
import { gather } from './gather.ts'
import { logIdBound } from './log.ts'
import type { Page } from './log-sweep.ts'

/** Documents of logs from which something outside of their room follows that may not be done yet (room-log.md 13). */
export function dutyStore(events: Collection<EventDoc>) {
  /** The oldest that were committed before a time: whoever committed them may be gone. A page, after an `_id`. */
  const due = ({ before, after, limit }: Page<string> & { before: Date }): Promise<EventDoc[]> =>
    events
      .find({ duties: true, _id: { $gt: after ?? '', $lt: logIdBound(before) } }, { sort: { _id: 1 }, limit })
      .toArray()

  /** Those of a room, in order. */
  const ofRoom = (room: string): Promise<EventDoc[]> =>
    events.find({ room, duties: true }, { sort: { seq: 1 } }).toArray()

  /** All that follows is done: nobody has to look again. */
  const done = gather<string, void>(async (ids) => {
    await events.updateMany({ _id: { $in: [...ids] } }, { $unset: { duties: '' } })
    return ids.map(() => undefined)
  })

  return { due, ofRoom, done }
}
export type DutyStore = ReturnType<typeof dutyStore>
