import { RuleError } from '../shared/rules.ts'
import type { Account } from './accounts.ts'
import type { Friends } from './friends.ts'
import { actorOf } from './rooms/access.ts'
import { hashSecret, randomId } from './secrets.ts'
import type { Services } from './services.ts'

const DAY_MS = 86_400_000
/** How long a link may be used, and how long it is remembered that it was. */
const VALID_MS = 7 * DAY_MS
const KEPT_MS = 30 * DAY_MS

export interface LinkParts {
  services: Services
  friends: Pick<Friends, 'befriend'>
  /** Lets a friend of an occupant into their room; false: the occupant is not there any more, or the room is gone. */
  bring: (bringing: Bringing) => Promise<boolean>
  /** Errors: room-gone, not-occupant. */
  mayBring: (room: string, by: string) => Promise<void>
}

/** `guest` comes into a room by the link of `by`. `link`: its hash, so that each link brings once, and another one again. */
export interface Bringing {
  room: string
  by: string
  guest: string
  link: string
}

/**
 * One-time invitation links (seed 4: "create room with external friends"): who is no friend yet becomes one, and comes into the room.
 * The link is a secret of 128 bits, stored as its hash; the integrator's page puts it where it likes.
 */
export function createLinks({ services, friends, bring, mayBring }: LinkParts) {
  const { links, clock } = services.store

  /** A link to oneself, and into a room where one is named. Errors: room-gone, not-occupant, forbidden (`as`). */
  const create = async (
    account: Account,
    { as, room }: { as?: string | undefined; room?: string | undefined },
  ): Promise<{ link: string; expiresAt: number }> => {
    const { user: by } = actorOf(account, as)
    if (room !== undefined) await mayBring(room, by)
    const link = randomId()
    const at = clock.now()
    const expiresAt = new Date(at.getTime() + VALID_MS)
    const purgeAt = new Date(at.getTime() + KEPT_MS)
    await links.insert({ _id: hashSecret(link), by, at, expiresAt, purgeAt, ...(room === undefined ? {} : { room }) })
    return { link, expiresAt: expiresAt.getTime() }
  }

  /**
   * Comes by a link: the first who does uses it up; the same user may repeat. Tells who invited, and the room; null: none was named, or
   * the way into it has closed. Errors: link-gone (never was, used, or too old), forbidden (an own link), friend-blocked, friend-refused.
   */
  const accept = async (
    account: Account,
    { as, link }: { as?: string | undefined; link: string },
  ): Promise<{ by: string; room: string | null }> => {
    const { user } = actorOf(account, as)
    const id = hashSecret(link)
    const found = await links.byId(id)
    if (found === null || (found.usedBy ?? user) !== user) throw new RuleError('link-gone')
    if (found.by === user) throw new RuleError('forbidden')
    if (found.usedBy === undefined) {
      if (found.expiresAt <= clock.now()) throw new RuleError('link-gone')
      const isMine = await links.change({
        id,
        when: { usedBy: { $exists: false } },
        update: { $set: { usedBy: user } },
        applied: ({ usedBy }) => usedBy === user,
      })
      if (!isMine) throw new RuleError('link-gone')
    }
    await friends.befriend(found.by, user)
    const { by, room } = found
    const isIn = room !== undefined && (await bring({ room, by, guest: user, link: id }))
    return { by, room: isIn ? room : null }
  }

  return { create, accept }
}
export type Links = ReturnType<typeof createLinks>
