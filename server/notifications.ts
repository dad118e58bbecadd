import { tracked } from '@trpc/server'
import { LIMITS } from '../shared/limits.ts'
import type { Inbox, Notification, NotificationKind } from '../shared/notification/schema.ts'
import { RuleError } from '../shared/rules.ts'
import type { Account } from './accounts.ts'
import { actorOf } from './rooms/access.ts'
import type { Services } from './services.ts'
import type { NotificationDoc } from './store/docs.ts'
import { inboxTopic } from './subscribe.ts'

const DAY_MS = 86_400_000
/** How long a notification is kept. */
const KEPT_MS = 90 * DAY_MS
/** How often an open stream looks by itself, whether or not anything woke it. */
const LOOK_MS = 10_000

export interface Telling {
  /** The same for every repeat of the same news. */
  id: string
  user: string
  kind: NotificationKind
  from: string
  room?: string | undefined
}

export interface Subscriber {
  account: Account
  signal: AbortSignal | undefined
}

/** Seed 4: "notified": inboxes with a live stream. */
export function createNotifications({ store, hub, shutdown }: Pick<Services, 'store' | 'hub' | 'shutdown'>) {
  const { notifications, clock } = store

  /** Puts news into a user's inbox, once. */
  const tell = async ({ id, user, kind, from, room }: Telling): Promise<void> => {
    const at = clock.now()
    const body = JSON.stringify({ kind, from, room })
    await notifications.add({ _id: id, user, body, at, purgeAt: new Date(at.getTime() + KEPT_MS) })
    hub.notify(inboxTopic(user))
  }

  const unreadOf = (user: string) => notifications.unread(user, LIMITS.unreadShown)

  const list = async (
    account: Account,
    {
      as,
      before = Number.MAX_SAFE_INTEGER,
      limit,
    }: { as?: string | undefined; before?: number | undefined; limit: number },
  ): Promise<Inbox> => {
    const { user } = actorOf(account, as)
    const [docs, unread] = await Promise.all([notifications.before({ user, n: before, limit }), unreadOf(user)])
    const next = docs.length < limit ? null : (docs.at(-1)?.n ?? null)
    return { notifications: docs.map(notificationOf), unread, next }
  }

  /** Marks as read; what is read stays so. */
  const read = async (
    account: Account,
    { as, ids, upTo = 0 }: { as?: string | undefined; ids: readonly string[]; upTo?: number | undefined },
  ): Promise<{ unread: number }> => {
    const { user } = actorOf(account, as)
    await notifications.read({ user, ids, upTo, at: clock.now() })
    return { unread: await unreadOf(user) }
  }

  /**
   * What comes, each once and in order, tracked by its cursor. Where it begins is settled before the client hears that it has: what is
   * told from then on comes. Ends with the token (unauthorized) or with shutting-down.
   */
  const events = async (
    subscriber: Subscriber,
    {
      as,
      after,
      lastEventId,
    }: { as?: string | undefined; after?: number | undefined; lastEventId?: string | null | undefined },
  ) => {
    const { user } = actorOf(subscriber.account, as)
    const from = cursorOf(lastEventId) ?? after ?? (await notifications.newest(user))
    return follow(subscriber, { user, from })
  }

  async function* follow({ account, signal }: Subscriber, { user, from }: { user: string; from: number }) {
    const until = signal === undefined ? shutdown : AbortSignal.any([signal, shutdown])
    using waiter = hub.attach(inboxTopic(user))
    let n = from
    while (!until.aborted) {
      if (account.expiresAt !== null && account.expiresAt <= clock.now()) throw new RuleError('unauthorized')
      const page = await notifications.after({ user, n, limit: LIMITS.listPage })
      for (const doc of page) {
        if (until.aborted) break
        yield tracked(String((n = doc.n)), notificationOf(doc))
      }
      if (page.length < LIMITS.listPage) await waiter.next(lookMs(account, clock.now()), until)
    }
    if (shutdown.aborted) throw new RuleError('shutting-down')
  }

  return { tell, list, read, events }
}
export type Notifications = ReturnType<typeof createNotifications>

/** Until the next look: not past the token's end. */
const lookMs = ({ expiresAt }: Account, now: Date) =>
  expiresAt === null ? LOOK_MS : Math.min(LOOK_MS, expiresAt.getTime() - now.getTime())

function notificationOf({ _id: id, n: cursor, at, body, readAt }: NotificationDoc): Notification {
  // edge: `tell` made the text
  const news = JSON.parse(body) as Pick<Notification, 'kind' | 'from' | 'room'>
  return { id, cursor, at: at.getTime(), ...news, readAt: readAt?.getTime() ?? null }
}

function cursorOf(lastEventId: string | null | undefined): number | null {
  if (lastEventId === null || lastEventId === undefined || lastEventId === '') return null
  const cursor = Number(lastEventId)
  if (/^\d+$/.test(lastEventId) && Number.isSafeInteger(cursor)) return cursor
  throw new RuleError('bad-request', { issues: { lastEventId: ['is no cursor'] } })
}
