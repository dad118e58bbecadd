import { toFoyerError } from '../errors.ts'
import { openRoom, type OpenRoomOptions } from '../room.ts'
import type { DataSchema, Room, RoomEnd } from '../room/types.ts'
import { listened } from './listened.ts'
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
  let { token } = options
  let life: AbortController | null = null
  const run = () => {
    open()
    return () => life?.abort()
  }
  const shown = listened<RoomStatus<S>>({ idle: OPENING, run, onIdle })
  const { show } = shown

  const reopen = (): void => {
    const { status } = shown.value
    if (!shown.isListened || status === 'opening' || status === 'open') return
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
      const isNews = shown.value.status !== 'open' || shown.value.view !== now
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

  return {
    options,
    get status() {
      return shown.value
    },
    subscribe: shown.subscribe,
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
