import type { Inbox, Notification } from '../shared/notification/schema.ts'
import type { FoyerClient } from './connect.ts'
import type { FoyerError } from './errors.ts'
import { follow, type Reach } from './follow.ts'
import { retry } from './retry.ts'

export interface WatchOptions {
  /** Each that comes, once, oldest first. */
  onNotification: (notification: Notification) => void
  /** The `cursor` after which to begin; absent: only what comes from now on. */
  after?: number | undefined
  /** For whom a service watches. A user's token needs none. */
  as?: string | undefined
  /** How they come: `stream`, as it happens; `polls`, where streams are blocked; `none`, while the server is away. */
  onReach?: ((reach: Reach) => void) | undefined
  /** The server refuses this client (`unauthorized`, `forbidden`); nothing more comes. */
  onEnd?: ((error: FoyerError) => void) | undefined
}

/**
 * Watches the user's notifications (seed 4) until it is stopped, over losses of the network and restarts of servers, without a gap
 * and without a repeat. Returns what stops it. Reading and marking are `client.notification.list` and `.read`.
 */
export function watchNotifications(client: Pick<FoyerClient, 'notification'>, options: WatchOptions): () => void {
  const { onNotification, as, onReach = () => {}, onEnd = () => {} } = options
  const life = new AbortController()
  const { signal } = life

  const begin = (after: number): void => {
    let at = after
    follow<{ data: Notification }>({
      subscribe: (handlers) => client.notification.events.subscribe({ as, after: at }, handlers),
      poll: async (one) => (await unseen(at, one)).map((data) => ({ data })),
      onNews: ({ data }) => {
        if (data.cursor <= at) return
        at = data.cursor
        onNotification(data)
      },
      onReach,
      onEnd,
      signal,
    })
  }

  const page = (one: AbortSignal, rest: { before?: number | undefined; limit?: number }): Promise<Inbox> =>
    client.notification.list.query({ as, ...rest }, { signal: one })

  /** What came after a cursor, oldest first. */
  const unseen = async (after: number, one: AbortSignal): Promise<readonly Notification[]> => {
    const found: Notification[] = []
    for (let before: number | undefined, isMore = true; isMore;) {
      const { notifications, next } = await page(one, { before })
      found.push(...notifications.filter(({ cursor }) => cursor > after))
      isMore = next !== null && next > after
      before = next ?? undefined
    }
    return found.reverse()
  }

  const newest = async (): Promise<number> => {
    const { notifications } = await retry((one) => page(one, { limit: 1 }), { signal })
    return notifications[0]?.cursor ?? 0
  }

  if (options.after !== undefined) begin(options.after)
  else
    newest().then(begin, (error: FoyerError) => {
      if (!signal.aborted) onEnd(error)
    })
  return () => life.abort()
}
