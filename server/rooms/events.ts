import { type TrackedEnvelope, tracked } from '@trpc/server'
import type { RoomFrame } from '../../shared/room/schema.ts'
import { RuleError } from '../../shared/rules.ts'
import { randomId } from '../secrets.ts'
import { actorOf } from './access.ts'
import type { Follow } from './following.ts'
import type { Subscriber } from './pull.ts'

export interface EventsOptions {
  room: string
  as?: string | undefined
  after?: number | undefined
  lastEventId?: string | null | undefined
  presence: boolean
}

export interface FeedOptions {
  rooms: Readonly<Record<string, number | null>>
  as?: string | undefined
  presence: boolean
}

/** What a stream of one room has: its end is the stream's. Exported, since the declarations of the package can name nothing else of it. */
export type EventsItem = TrackedEnvelope<Exclude<RoomFrame, { kind: 'end' }>>

/** The subscriptions of shared-data rooms. */
export function createEvents({ follow }: { follow: Follow }) {
  /**
   * One room: each frame is tracked by its version, so that a client resumes after the last that it has. Presence has no place in
   * that order, and yet a position: tRPC's WebSocket client forgets its own with every item that has none, and drops what it takes
   * for a repeat while it moves to another connection. So it is the version before it, with an end that never comes again.
   * Completes after the tombstone of a deleted room. Errors: room-gone (there never was one), not-occupant, banned, unauthorized,
   * room-unsound, shutting-down; bad-request (a foreign lastEventId).
   */
  async function* events(
    subscriber: Subscriber,
    { room, as, after, lastEventId, presence }: EventsOptions,
  ): AsyncGenerator<EventsItem, void> {
    const viewer = actorOf(subscriber.account, as)
    const from = versionOf(lastEventId) ?? after ?? null
    const stream = randomId()
    let version = from ?? 0
    let aside = 0
    for await (const item of follow(subscriber, { viewer, from: [[room, from]], presence })) {
      if (item.kind === 'presence') yield tracked(`${version}.${stream}${aside++}`, item)
      else if (item.kind !== 'end') yield tracked(String((version = item.version)), item)
      else if (!item.told) throw new RuleError(item.rule)
    }
  }

  /**
   * Many rooms, each independent of the others: what ends one is a frame of its own, for a deleted room after its tombstone.
   * Resumed by a map of the versions that the client has, so nothing is tracked. Completes when every room has ended.
   */
  async function* feed(subscriber: Subscriber, { rooms, as, presence }: FeedOptions): AsyncGenerator<RoomFrame, void> {
    const viewer = actorOf(subscriber.account, as)
    for await (const item of follow(subscriber, { viewer, from: Object.entries(rooms), presence })) {
      yield item.kind === 'end' ? { kind: 'end', room: item.room, rule: item.rule } : item
    }
  }

  return { events, feed }
}

/** The version that a client had last; a resume counts for more than where its subscription once began. */
export function versionOf(lastEventId: string | null | undefined): number | null {
  if (lastEventId === null || lastEventId === undefined || lastEventId === '') return null
  const [, digits] = /^(\d+)(?:\.[\w-]+)?$/.exec(lastEventId) ?? []
  const version = Number(digits)
  if (Number.isSafeInteger(version)) return version
  throw new RuleError('bad-request', { issues: { lastEventId: ['is no version'] } })
}
