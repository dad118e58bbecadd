import type { Ref } from 'react'
import type { Notification } from '../../../../shared/notification/schema.ts'
import { useNotifications } from '../../../react.ts'
import { Ago } from '../parts/ago.tsx'
import { Trouble } from '../parts/trouble.tsx'
import { nameOf } from '../people.ts'
import { useSite } from '../site.ts'
import { useAct } from '../use-act.ts'
import { useEnter } from '../use-enter.ts'
import { quizWords } from '../words.ts'
import { newsWords } from './news-words.ts'

const SHOWN = 8

/** What others did that one has to hear of, newest first; from an invitation one goes to its room. */
export function InboxPanel({ heading }: { heading: Ref<HTMLHeadingElement> }) {
  const { client } = useSite()
  const { status, notifications, unread, error, read } = useNotifications(client)
  const { act, isBusy, trouble } = useAct()
  const newest = notifications[0]
  return (
    <section className="panel" aria-labelledby="inbox-title" data-testid="inbox" data-unread={unread}>
      <div className="row head">
        <h2 id="inbox-title" ref={heading} tabIndex={-1}>
          Notifications{' '}
          {unread > 0 && (
            <span className="badge">
              {unread} <span className="hidden">unread</span>
            </span>
          )}
        </h2>
        {newest !== undefined && unread > 0 && (
          <button
            type="button"
            className="quiet small"
            disabled={isBusy}
            onClick={() => void act(() => read(newest.cursor))}
          >
            Mark all as read
          </button>
        )}
      </div>
      <Trouble words={trouble} />
      {status === 'opening' && <p className="dim">Looking …</p>}
      {error !== null && (
        <p className="trouble" role="status">
          {quizWords(error)}
        </p>
      )}
      {status === 'open' && notifications.length === 0 && (
        <div className="empty">Requests and invitations show here as they come.</div>
      )}
      {notifications.length > 0 && (
        <ul className="people" aria-live="polite">
          {notifications.slice(0, SHOWN).map((one) => (
            <Item key={one.id} one={one} onRead={read} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Item({ one, onRead }: { one: Notification; onRead: (upTo: number) => Promise<void> }) {
  const { enter, isBusy, trouble } = useEnter()
  const { room, kind, from, at, readAt, cursor } = one
  const who = nameOf(from)
  const follow = (to: string) => {
    // What could not be marked stays unread, which is no reason to stay here.
    onRead(cursor).catch(() => {})
    void enter(to)
  }
  return (
    <li className="person" data-news={kind} data-state={readAt === null ? 'unread' : 'read'}>
      <div>
        <p className={readAt === null ? 'name' : undefined}>
          {readAt === null && <span className="hidden">Unread: </span>}
          {newsWords(kind, who)}
        </p>
        <p className="dim">
          <Ago at={at} />
        </p>
      </div>
      {room !== undefined && (
        <button type="button" disabled={isBusy} onClick={() => follow(room)} aria-label={`Join the room of ${who}`}>
          Join
        </button>
      )}
      <Trouble words={trouble} />
    </li>
  )
}
