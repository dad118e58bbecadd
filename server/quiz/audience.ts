import { LIMITS } from '../../shared/limits.ts'
import type { Store } from '../store/connect.ts'
import { logId } from '../store/log.ts'

/** How long changes are gathered, ms: a class that comes in at once is one entry. */
const GATHER_MS = 100
const KEPT_MS = 60_000

export interface AudienceParts {
  store: Pick<Store, 'audience' | 'clock' | 'origin'>
  /** A room is watched: said when its first user comes, and now and then while somebody is there. */
  watched: (room: string) => void
  onError: (error: unknown) => void
}

/** The users of one room who have a stream open here, with how many each. */
interface Watched {
  users: Map<string, number>
  timer: ReturnType<typeof setTimeout> | undefined
  /** When the next entry is due at the latest. */
  renewal: ReturnType<typeof setInterval>
}

/**
 * Tells who watches which quiz room through this process, as long as they do: workers wait for the answers of those who are there, and a
 * room that nobody watches lets its conductor sleep. Identity is the user: of ten tabs the last one counts.
 */
export function createAudience({ store, watched: onWatched, onError }: AudienceParts) {
  const { audience, clock, origin } = store
  const rooms = new Map<string, Watched>()

  const tell = (room: string, users: readonly string[]) => {
    const at = clock.now()
    const doc = { room, server: origin, users: [...users], at, purgeAt: new Date(at.getTime() + KEPT_MS) }
    audience.insert({ _id: logId(at), ...doc }).catch(onError)
  }

  const tellSoon = (room: string, watched: Watched) => {
    watched.timer ??= setTimeout(() => {
      watched.timer = undefined
      tell(room, [...watched.users.keys()])
      if (watched.users.size > 0) return
      clearInterval(watched.renewal)
      if (rooms.get(room) === watched) rooms.delete(room)
    }, GATHER_MS)
  }

  const open = (room: string): Watched => {
    const renewal = setInterval(() => {
      tellSoon(room, watched)
      onWatched(room)
    }, LIMITS.quiz.audienceRenewMs)
    const watched: Watched = { users: new Map(), timer: undefined, renewal }
    rooms.set(room, watched)
    onWatched(room)
    return watched
  }

  /** A user's stream of a room is open until this is disposed of. */
  const attend = (room: string, user: string): Disposable => {
    const watched = rooms.get(room) ?? open(room)
    const { users } = watched
    const before = users.get(user) ?? 0
    users.set(user, before + 1)
    if (before === 0) tellSoon(room, watched)
    const leave = () => {
      const left = (users.get(user) ?? 1) - 1
      if (left > 0) return void users.set(user, left)
      users.delete(user)
      tellSoon(room, watched)
    }
    return { [Symbol.dispose]: leave }
  }

  /** Nobody watches any more: the process ends. */
  const close = () => {
    for (const [room, { timer, renewal }] of rooms) {
      clearTimeout(timer)
      clearInterval(renewal)
      tell(room, [])
    }
    rooms.clear()
  }

  return { attend, close }
}
export type Audience = ReturnType<typeof createAudience>
