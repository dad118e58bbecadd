import type { Notification } from '../../shared/notification/schema.ts'
import type { FoyerClient } from '../connect.ts'
import { type FoyerError, toFoyerError } from '../errors.ts'
import { watchNotifications } from '../notifications.ts'
import { retry } from '../retry.ts'
import { type Listened, listened } from './listened.ts'

export type InboxServer = Pick<FoyerClient, 'notification'>

/** A user's notifications. The same object until something of it changes. */
export interface InboxStatus {
  /** `opening`: they are asked for; `failed`: the server refuses this client. */
  status: 'opening' | 'open' | 'failed'
  /** The newest, newest first: those of one page, and what came since. */
  notifications: readonly Notification[]
  /** How many are unread, of all. */
  unread: number
  error: FoyerError | null
}

export const NO_NEWS: InboxStatus = { status: 'opening', notifications: [], unread: 0, error: null }

/** How many are shown at most. */
const SHOWN = 50

export interface SharedInbox extends Pick<Listened<InboxStatus>, 'subscribe' | 'value'> {
  read(upTo: number): Promise<void>
}

const inboxes = new WeakMap<InboxServer, SharedInbox>()

/** The one inbox of a client: watched while somebody listens. */
export function inboxOf(client: InboxServer): SharedInbox {
  const known = inboxes.get(client)
  if (known !== undefined) return known
  const calls = client.notification

  const add = (one: Notification): void => {
    const { notifications, unread } = shown.value
    shown.show({ ...shown.value, notifications: [one, ...notifications].slice(0, SHOWN), unread: unread + 1 })
  }
  const fail = (thrown: unknown) => shown.show({ ...shown.value, status: 'failed', error: toFoyerError(thrown) })

  const run = () => {
    const life = new AbortController()
    const { signal } = life
    const begin = async () => {
      const { notifications, unread } = await retry((one) => calls.list.query({}, { signal: one }), { signal })
      shown.show({ status: 'open', notifications, unread, error: null })
      const after = notifications[0]?.cursor ?? 0
      const stop = watchNotifications(client, { after, onNotification: add, onEnd: fail })
      signal.addEventListener('abort', stop, { once: true })
    }
    begin().catch((thrown: unknown) => {
      if (!signal.aborted) fail(thrown)
    })
    return () => life.abort()
  }
  const shown = listened<InboxStatus>({ idle: NO_NEWS, run, onIdle: () => {} })

  const made: SharedInbox = {
    get value() {
      return shown.value
    },
    subscribe: shown.subscribe,
    read: async (upTo) => {
      const { unread } = await retry((signal) => calls.read.mutate({ upTo }, { signal }))
      const now = Date.now()
      const notifications = shown.value.notifications.map((one) =>
        one.cursor <= upTo ? { ...one, readAt: one.readAt ?? now } : one,
      )
      if (shown.isListened) shown.show({ ...shown.value, notifications, unread })
    },
  }
  inboxes.set(client, made)
  return made
}
