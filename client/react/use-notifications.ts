import { useMemo, useSyncExternalStore } from 'react'
import { inboxOf, type InboxServer, type InboxStatus, NO_NEWS } from './inbox.ts'

export type Notifications = InboxStatus & {
  /** Marks all up to this `cursor` as read. Errors: `unauthorized`. The same function while the client is the same. */
  read: (upTo: number) => Promise<void>
}

const nothing = () => NO_NEWS

/**
 * The newest notifications of the client's user, as they come. Components of one page share one stream when they give the same
 * `client`: make it outside of components. On a server it is `opening`.
 */
export function useNotifications(client: InboxServer): Notifications {
  const inbox = inboxOf(client)
  const status = useSyncExternalStore(inbox.subscribe, () => inbox.value, nothing)
  return useMemo(() => ({ ...status, read: inbox.read }), [status, inbox])
}
