import { type TrackedEnvelope, tracked } from '@trpc/server'
import type { RoomFrame } from '../../shared/room/schema.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Access } from './access.ts'
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

type Ended = Extract<RoomFrame, { kind: 'end' }>
type Unordered = Extract<RoomFrame, { kind: 'presence' }>
type Ordered = Exclude<RoomFrame, Ended | Unordered>

/** The subscriptions of shared-data rooms. */
export function createEvents({ access, follow }: { access: Access; follow: Follow }) {
  /**
   * One room: its frames by version, so that a client resumes after the last that it has; presence has no place in that order.
   * Completes after the tombstone of a deleted room. Errors: room-gone (there never was one), not-occupant, banned, unauthorized,
   * room-unsound, shutting-down; bad-request (a foreign lastEventId).
   */
  async function* events(
    subscriber: Subscriber,
    { room, as, after, lastEventId, presence }: EventsOptions,
  ): AsyncGenerator<TrackedEnvelope<Ordered> | Unordered, void> {
    const viewer = access.actorOf(subscriber.account, as)
    const from = [[room, versionOf(lastEventId) ?? after ?? null]] as const
    for await (const item of follow(subscriber, { viewer, from, presence })) {
      if (item.kind === 'presence') yield item
      else if (item.kind !== 'end') yield tracked(String(item.version), item)
      else if (!item.told) throw new RuleError(item.rule)
    }
  }

  /**
   * Many rooms, each independent of the others: what ends one is a frame of its own, for a deleted room after its tombstone.
   * Resumed by a map of the versions that the client has, so nothing is tracked. Completes when every room has ended.
   */
  async function* feed(subscriber: Subscriber, { rooms, as, presence }: FeedOptions): AsyncGenerator<RoomFrame, void> {
    const viewer = access.actorOf(subscriber.account, as)
    for await (const item of follow(subscriber, { viewer, from: Object.entries(rooms), presence })) {
      yield item.kind === 'end' ? { kind: 'end', room: item.room, rule: item.rule } : item
    }
  }

  return { events, feed }
}

/** The version that a client had last; a resume counts for more than where its subscription once began. */
function versionOf(lastEventId: string | null | undefined): number | null {
  if (lastEventId === null || lastEventId === undefined || lastEventId === '') return null
  const version = Number(lastEventId)
  if (/^\d+$/.test(lastEventId) && Number.isSafeInteger(version)) return version
  throw new RuleError('bad-request', { issues: { lastEventId: ['is no version'] } })
}
