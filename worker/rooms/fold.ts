import type { Kept, LogSweep, Page } from '../../server/store/log-sweep.ts'
import { RuleError } from '../../shared/rules.ts'
import type { SweepBounds } from '../rooms.ts'
import type { SweptRooms, SweptState } from './family.ts'

/** Rooms that are folded at the same time: each may take megabytes. */
const AT_ONCE = 20
/** Rooms that are remembered as broken. */
const MOST_BROKEN = 10_000

/** What the steps of a sweep share. */
export interface SweepParts {
  logs: LogSweep
  folder: Folder
  now: () => Date
  /** How long events are kept, ms. */
  retentionMs: number
  bounds: SweepBounds
}

/** Folds rooms of these kinds one by one, so that one whose log is broken hurts no other. */
export function createFolder({
  rooms,
  kinds,
}: {
  rooms: Pick<SweptRooms<SweptState>, 'settle'>
  kinds: readonly string[]
}) {
  // An incident is for people: it is told, and then not folded again and again until the worker starts anew.
  const broken = new Set<string>()

  /** What became of each room; null where its log does not fold, or where a rule refused. Other errors are the database's: thrown. */
  const each = async <T>(ids: readonly string[], fold: (id: string) => Promise<T>): Promise<(T | null)[]> => {
    const results: (T | null)[] = []
    for (let i = 0; i < ids.length; i += AT_ONCE)
      results.push(...(await Promise.all(ids.slice(i, i + AT_ONCE).map((id) => one(id, fold)))))
    return results
  }

  const one = async <T>(id: string, fold: (id: string) => Promise<T>): Promise<T | null> => {
    if (broken.has(id)) return null
    try {
      return await fold(id)
    } catch (error) {
      if (!(error instanceof RuleError)) throw error
      if (error.rule === 'room-unsound' && broken.size < MOST_BROKEN) broken.add(id)
      return null
    }
  }

  /** Keeps snapshots of rooms as they are now; how many. */
  const keep = async (ids: readonly string[]): Promise<number> => {
    const states = await each(ids, rooms.settle)
    return states.filter((state) => state !== null).length
  }

  /** Whether a room may be folded with these rules. One without a snapshot tells no kind; no other writes these logs. */
  const isFoldable = (kept: Kept | undefined) => kept === undefined || kinds.includes(kept.kind)

  return { each, keep, isFoldable }
}
export type Folder = ReturnType<typeof createFolder>

/** Goes on through what is sorted, a page a call, and at its end begins again: what has to stay does not hold up what comes after. */
export function inTurns<T, K>(read: (page: Page<K>) => Promise<T[]>, limit: number, keyOf: (item: T) => K) {
  let after: K | null = null
  return async (): Promise<T[]> => {
    const page = await read({ after, limit })
    const last = page.at(-1)
    after = last === undefined || page.length < limit ? null : keyOf(last)
    return page
  }
}
