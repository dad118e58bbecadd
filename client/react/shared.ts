import { toFoyerError } from '../errors.ts'
import { openRoom, type OpenRoomOptions } from '../room.ts'
import type { DataSchema, Room, RoomEnd } from '../room/types.ts'
import { OPENING, type RoomStatus, type RoomView } from './status.ts'

/** A room that any number of components look at: open while there is one. */
export interface SharedRoom<S extends DataSchema> {
  readonly options: OpenRoomOptions<S>
  readonly status: RoomStatus<S>
  subscribe(listener: () => void): () => void
  /** From now on this token counts: a component's function is another one at each render. */
  renew(token: OpenRoomOptions<S>['token']): void
}

/** A room that opens with its first listener. `onIdle`: the last one is gone, and it is closed. */
export function shareRoom<S extends DataSchema>(options: OpenRoomOptions<S>, onIdle: () => void): SharedRoom<S> {
  const listeners = new Set<() => void>()
  let { token } = options
  let status: RoomStatus<S> = OPENING
  let life: AbortController | null = null

  const show = (next: RoomStatus<S>): void => {
    status = next
    for (const listener of [...listeners]) listener()
  }

  const reopen = (): void => {
    if (listeners.size === 0 || status.status === 'opening' || status.status === 'open') return
    show(OPENING)
    open()
  }

  const open = (): void => {
    life?.abort()
    const { signal } = (life = new AbortController())
    const tokenNow = typeof token === 'function' ? () => (typeof token === 'function' ? token() : token) : token
    openRoom<S>({ ...options, token: tokenNow, signal }).then(
      (room) => {
        if (signal.aborted) room.close()
        else attend(room, signal)
      },
      (thrown: unknown) => {
        if (!signal.aborted) show({ status: 'failed', room: null, error: toFoyerError(thrown), reopen })
      },
    )
  }

  const attend = (room: Room<S>, signal: AbortSignal): void => {
    const view = viewer(room)
    const showView = () => {
      const now = view()
      const isNews = status.status !== 'open' || status.view !== now
      if (isNews && now.state !== 'ended' && !signal.aborted) show({ status: 'open', room, data: now.data, view: now })
    }
    const showEnd = (end: RoomEnd) => {
      const now = view()
      if (!signal.aborted) show({ status: 'ended', room, data: now.data, view: now, end, reopen })
    }
    room.subscribe(showView)
    room.on('ended', showEnd)
    signal.addEventListener('abort', () => room.close(), { once: true })
    if (room.state === 'ended') showEnd({ why: 'closed', reason: '' })
    else showView()
  }

  const stopIfIdle = (): void => {
    if (listeners.size > 0 || life === null) return
    life.abort()
    life = null
    status = OPENING
    onIdle()
  }

  return {
    options,
    get status() {
      return status
    },
    subscribe: (listener) => {
      // The same function twice is two subscriptions.
      const own = () => listener()
      listeners.add(own)
      if (life === null) open()
      return () => {
        listeners.delete(own)
        // Not at once: StrictMode takes each component off and puts it on again, and so does a move within the page.
        setTimeout(stopIfIdle)
      }
    },
    renew: (next) => void (token = next),
  }
}

/** The snapshot without presence; the same object while nothing else has changed. */
function viewer<S extends DataSchema>(room: Room<S>) {
  let last: RoomView<Room<S>['data']> | null = null
  return () => {
    const { presence: _, ...now } = room.snapshot
    if (last === null || !isSame(last, now)) last = now
    return last
  }
}

const isSame = <T extends object>(a: T, b: T): boolean =>
  // edge: the keys of a value are keys of its type
  (Object.keys(a) as (keyof T)[]).every((key) => Object.is(a[key], b[key]))
