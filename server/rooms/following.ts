import type { Actor } from '../../shared/room/state.ts'
import type { Services } from '../services.ts'
import { pageFrom } from '../store/pages.ts'
import { Backlogs } from './backlog.ts'
import { Follower } from './follower.ts'
import { Inlet, type Item, type Source } from './inlet.ts'
import type { DataRooms } from './open.ts'
import { pull, type Subscriber } from './pull.ts'

export interface FollowingParts {
  services: Services
  rooms: DataRooms
  /** Who is present in a room, as a source of frames. */
  attend: (room: string, mark: (source: Source) => void) => Source
}

export interface FollowOptions {
  viewer: Actor
  /** Each room with the version after which to begin; null: all of the room first. */
  from: readonly (readonly [room: string, after: number | null])[]
  /** Also frames of who is present. */
  presence: boolean
}

/** Rooms as one stream: a snapshot or a replay of each first, then what happens, authorised event by event (room-log.md 16, 17). */
export function createFollowing({ services, rooms, attend }: FollowingParts) {
  const { store, metrics } = services
  const delivered = (at: Date) => metrics.roomDelivery.observe((store.clock.now().getTime() - at.getTime()) / 1_000)

  // Looked up once: to find a series by its label takes longer than to add to it.
  const frames = {
    events: metrics.roomFrames.labels({ kind: 'events' }),
    snapshot: metrics.roomFrames.labels({ kind: 'snapshot' }),
    presence: metrics.roomFrames.labels({ kind: 'presence' }),
  }
  const count = (item: Item) => {
    if (item.kind === 'end') return
    frames[item.kind].inc()
    if (item.kind === 'snapshot' && item.why !== 'start') metrics.resyncs.inc({ why: item.why })
  }

  /** What the rooms have, until each has ended or the subscriber has. Errors: see `pull`; those of one room are its end. */
  return async function* follow(subscriber: Subscriber, options: FollowOptions): AsyncGenerator<Item, void> {
    const { viewer, from, presence } = options
    using inlet = new Inlet()
    const { mark } = inlet
    const backlogs = new Backlogs((chars) => void (metrics.queued.chars += chars))
    for (const [room, after] of from) {
      const follower = new Follower({
        ...{ room, viewer, after, backlogs, mark, delivered },
        watch: (watcher) => rooms.watch(room, watcher),
        page: (first) => pageFrom(store.log.events, { room, from: first }),
        begun: () => presence && inlet.add(room, attend(room, mark)),
      })
      inlet.add(room, follower)
    }
    if (inlet.size === 0) return
    for await (const item of pull(inlet, { services, subscriber })) {
      if (item.kind === 'end') inlet.close(item.room)
      count(item)
      yield item
      if (inlet.size === 0) return
    }
  }
}
export type Follow = ReturnType<typeof createFollowing>
