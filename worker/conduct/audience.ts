import type { AudienceStore } from '../../server/store/audience.ts'
import type { AudienceDoc } from '../../server/store/docs-quiz.ts'
import { LIMITS } from '../../shared/limits.ts'

const { audienceExpiryMs: EXPIRY_MS } = LIMITS.quiz
/** Rooms that are read at the same time after a gap. */
const AT_ONCE = 50

export interface AudienceWatchParts {
  audience: Pick<AudienceStore, 'since'>
  /** mongod's time, which the entries have. */
  now: () => Date
  onError: (error: unknown) => void
}

/** Who watches one room. */
interface Entries {
  /** The newest of each server. */
  servers: Map<string, { users: readonly string[]; at: number }>
  /** When somebody was there last, as far as it was told; else since when it is looked at. ms by mongod's clock. */
  lastAt: number
  onChange: () => void
}

/** Who is in the rooms that this process conducts: what servers have told lately of the streams that are open at them. */
export function createAudienceWatch({ audience, now, onError }: AudienceWatchParts) {
  const rooms = new Map<string, Entries>()

  const arrived = (doc: AudienceDoc): void => {
    const entries = rooms.get(doc.room)
    const at = doc.at.getTime()
    if (entries === undefined || (entries.servers.get(doc.server)?.at ?? 0) >= at) return
    entries.servers.set(doc.server, { users: doc.users, at })
    if (doc.users.length > 0) entries.lastAt = Math.max(entries.lastAt, at)
    entries.onChange()
  }

  const load = async (room: string): Promise<void> => {
    const docs = await audience.since(room, new Date(now().getTime() - EXPIRY_MS))
    for (const doc of docs) arrived(doc)
  }

  /** Looks at a room from now on; detach by disposing. `onChange`: somebody may have come or gone. */
  const attend = (room: string, onChange: () => void) => {
    const entries: Entries = { servers: new Map(), lastAt: now().getTime(), onChange }
    rooms.set(room, entries)
    load(room).catch(onError)
    const live = () => {
      const since = now().getTime() - EXPIRY_MS
      return [...entries.servers.values()].filter(({ at, users }) => at > since && users.length > 0)
    }
    return {
      /** Users of all servers; null: none has told of the room yet, so that nobody knows. */
      present: (): ReadonlySet<string> | null =>
        entries.servers.size === 0 ? null : new Set(live().flatMap(({ users }) => users)),
      /** When the next entry expires if it is not renewed; null: none will. ms by mongod's clock. */
      changesAt: (): number | null => {
        const times = live().map(({ at }) => at + EXPIRY_MS)
        return times.length === 0 ? null : Math.min(...times)
      },
      /** Since when nobody is there; null: somebody is. ms by mongod's clock. */
      quietSince: (): number | null => (live().length > 0 ? null : entries.lastAt),
      [Symbol.dispose]: () => {
        if (rooms.get(room) === entries) rooms.delete(room)
      },
    }
  }

  /** The stream may have missed something. */
  const reload = async (): Promise<void> => {
    const ids = [...rooms.keys()]
    for (let i = 0; i < ids.length; i += AT_ONCE)
      await Promise.all(ids.slice(i, i + AT_ONCE).map((room) => load(room).catch(onError)))
  }

  return { attend, arrived, reload }
}
export type AudienceWatch = ReturnType<typeof createAudienceWatch>
