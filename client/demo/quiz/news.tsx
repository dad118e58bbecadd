import { useEffect, useState } from 'react'
import type { Notification } from '../../../shared/notification/schema.ts'
import { useNotifications } from '../../react.ts'
import { newsWords } from './home/news-words.ts'
import { nameOf } from './people.ts'
import { useSite } from './site.ts'
import { useEnter } from './use-enter.ts'
import { Trouble } from './parts/trouble.tsx'

/** What comes while one is somewhere else than at the start: the newest that is not read, above the page. */
export function News({ here }: { here: string | null }) {
  const { client } = useSite()
  const { notifications, read } = useNotifications(client)
  const [began] = useState(Date.now)
  const [closed, close] = useState(0)
  const one = notifications[0]
  const isFollowed = one?.room !== undefined && one.room === here
  const cursor = one?.cursor ?? 0
  // Also where this room takes its people afterwards.
  useEffect(() => {
    if (isFollowed) close(cursor)
  }, [isFollowed, cursor])
  const isNews = one !== undefined && one.readAt === null && cursor > closed && one.at > began - SLACK_MS && !isFollowed
  return (
    <div role="status" className="news" data-testid="news">
      {isNews && (
        <Piece
          key={one.id}
          one={one}
          onClose={() => {
            close(cursor)
            // It stays unread where the server cannot be told.
            read(cursor).catch(() => {})
          }}
        />
      )}
    </div>
  )
}

/** By how much the clocks of a browser and the service may differ. */
const SLACK_MS = 2_000

function Piece({ one, onClose }: { one: Notification; onClose: () => void }) {
  const { enter, isBusy, trouble } = useEnter()
  const { go } = useSite()
  const { room } = one
  return (
    <div className="notice wrong piece">
      <p>{newsWords(one.kind, nameOf(one.from))}</p>
      <div className="row">
        <button
          type="button"
          className="small"
          disabled={isBusy}
          onClick={() => {
            onClose()
            if (room === undefined) go({ home: true })
            else void enter(room)
          }}
        >
          {room === undefined ? 'Look' : 'Go there'}
        </button>
        <button type="button" className="small quiet" onClick={onClose}>
          Not now
        </button>
      </div>
      <Trouble words={trouble} />
    </div>
  )
}
