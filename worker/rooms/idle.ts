import { createHash } from 'node:crypto'
import type { Kept } from '../../server/store/log-sweep.ts'
import { datedUuid } from '../../server/uuid.ts'
import type { Actor } from '../../shared/log/decider.ts'
import type { Family, SweptState } from './family.ts'
import { inTurns, type SweepParts } from './fold.ts'

/** Who closed a room, as its log and its tombstone name it. */
export const WORKER: Actor = { user: 'worker', service: true }

/**
 * Closes the rooms that nobody used for a very long time (seeds 2 and 4). Snapshots name the candidates; since they lag, the log is
 * folded first, and the decider has the last word: an event that comes in between keeps the room.
 */
export function idleRooms<S extends SweptState>({ logs, folder, now, bounds }: SweepParts, family: Family<S>) {
  const { rooms, idle } = family
  const since = () => new Date(now().getTime() - idle.ms)
  const next = inTurns<Kept, Date>(
    (page) => logs.idle({ ...page, kinds: idle.kinds, before: since() }),
    bounds.rooms,
    ({ at }) => at,
  )

  /** Whether this call closed it. */
  const close = async (room: string): Promise<boolean> => {
    const state = await rooms.read(room)
    if (state === null || idle.isOver(state) || state.at >= since().getTime()) return false
    const command = { type: 'expire', idleSince: state.at } as const
    const id = commandId(state, idle.ms)
    const done = await rooms.send({ room, id, actor: WORKER, command, hash: String(state.at) })
    return !done.replayed
  }

  return async (): Promise<number> => {
    const ids = (await next()).map(({ _id }) => _id)
    const used = (await idle.usedSince?.(ids, since())) ?? new Set()
    const closed = await folder.each(
      ids.filter((id) => !used.has(id)),
      close,
    )
    // Whatever was found: the snapshot shall say so, or the next sweep finds the room again.
    await folder.each(ids, rooms.settle)
    return closed.filter((did) => did === true).length
  }
}

/** The same for all workers that see the room as it is, so that theirs is one command; dated when the room fell due. */
const commandId = ({ room, seq, at }: SweptState, idleMs: number) =>
  datedUuid(new Date(at + idleMs), createHash('sha256').update(`expire ${room} ${seq}`).digest())
