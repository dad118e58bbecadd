import type { Json } from '../../shared/json.ts'
import { LIMITS } from '../../shared/limits.ts'
import type { Presence } from '../../shared/room/schema.ts'
import type { RoomState } from '../../shared/room/state.ts'
import { mayRead } from '../../shared/room/view.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Account } from '../accounts.ts'
import { tokenBuckets } from '../limits.ts'
import type { Services } from '../services.ts'
import type { PresenceDoc } from '../store/docs.ts'
import { logId } from '../store/log.ts'
import { actorOf, readable } from './access.ts'
import { Attendance } from './attendance.ts'
import type { Source } from './inlet.ts'
import type { DataRooms } from './open.ts'
import { PresenceSource } from './presence-source.ts'

/** An entry stays stored for this much longer than it counts, ms; the sweeper comes once a minute. */
const KEPT_MS = 60_000
/** Clients renew this often within the time after which they are lost. */
const RENEWALS = 3

export interface PresentOptions {
  room: string
  as?: string | undefined
  conn: string
  state: Json
}

/** Who watches a room, each connection with a state of its own (a cursor): never in the log, lost when it is not renewed. */
export function createPresence({ services, rooms }: { services: Services; rooms: DataRooms }) {
  const { store, env, metrics, log } = services
  const expiryMs = env.PRESENCE_EXPIRY_MS
  const now = () => store.clock.now().getTime()
  // Beside the commands' own: who moves a cursor can still write.
  const bucket = tokenBuckets({ rate: env.RATE_PER_USER, burst: env.RATE_BURST_PER_USER })
  const attended = new Map<string, Attendance>()

  const load = (room: string) => store.presence.since(room, new Date(now() - expiryMs))
  const attendanceOf = (room: string): Attendance => {
    const known = attended.get(room)
    if (known !== undefined) return known
    const opened = new Attendance({
      ...{ now, expiryMs },
      watch: (watcher) => rooms.watch(room, watcher),
      load: () => load(room),
      onError: (error) => log.warn({ err: error, room }, 'presence'),
    })
    attended.set(room, opened)
    return opened
  }

  /** Who is present in a room, as a source of frames; the room is attended to while somebody watches. */
  const attend = (room: string, mark: (source: Source) => void): Source => {
    const attendance = attendanceOf(room)
    const left = () => {
      if (attendance.listeners > 0) return
      attended.delete(room)
      attendance[Symbol.dispose]()
    }
    return new PresenceSource({ room, attendance, mark, left })
  }

  /** The room, if its user may be present in it. Errors: room-gone, not-occupant, banned. */
  const presentable = async (room: string, user: string): Promise<RoomState> => {
    const state = readable(await rooms.read(room), { user, service: false })
    if (state.deleted !== null) throw new RuleError('room-gone')
    return state
  }

  /**
   * Shows a connection of a user in a room, or renews that, or (null) takes it away at once. Tells how often to renew it, ms.
   * Errors: room-gone, not-occupant, banned, forbidden (`as`), limit-reached, rate-limited, unknown-outcome.
   */
  const present = async (account: Account, { room, as, conn, state }: PresentOptions): Promise<{ renewMs: number }> => {
    const { user } = actorOf(account, as)
    const retryAfterMs = bucket.take(user)
    if (retryAfterMs > 0) {
      metrics.throttled.inc({ by: 'presence' })
      throw new RuleError('rate-limited', { retryAfterMs, what: 'presence', limit: env.RATE_PER_USER })
    }
    const text = JSON.stringify(state)
    const limit = LIMITS.room.presenceBytes
    if (Buffer.byteLength(text) > limit) throw new RuleError('limit-reached', { what: 'presenceBytes', limit })
    await presentable(room, user)
    const at = store.clock.now()
    const purgeAt = new Date(at.getTime() + expiryMs + KEPT_MS)
    const doc: PresenceDoc = { _id: logId(at), room, user, conn, state: text, at, purgeAt }
    attended.get(room)?.apply(doc)
    await store.presence.insert(doc)
    return { renewMs: Math.floor(expiryMs / RENEWALS) }
  }

  /** Who is present in a room now. Errors: room-gone, not-occupant, banned, forbidden (`as`). */
  const listed = async (
    account: Account,
    { room, as }: { room: string; as?: string | undefined },
  ): Promise<Presence[]> => {
    const state = readable(await rooms.read(room), actorOf(account, as))
    const stored = await load(room)
    const shown = stored.filter(
      ({ user, state: text }) =>
        text !== 'null' && state.deleted === null && mayRead(state, { user, service: false }) === null,
    )
    // edge: the text was made from JSON that the input's schema let in.
    return shown.map(({ user, conn, state: text, at }) => ({
      user,
      conn,
      state: JSON.parse(text) as Json,
      at: at.getTime(),
    }))
  }

  return {
    present,
    listed,
    attend,
    /** An entry from the change stream. */
    arrived: (doc: PresenceDoc) => attended.get(doc.room)?.apply(doc),
    /** The stream may have missed something. */
    reread: () => attended.forEach((attendance) => void attendance.load()),
  }
}
