import type { RoomFrame } from '../../shared/room/schema.ts'
import { FoyerError } from '../errors.ts'
import type { Connection } from './connection.ts'
import { type News, type Progress, take } from './progress.ts'
import { openStrand, type Strand } from './strand.ts'
import type { RoomVersions } from './types.ts'
import type { Window } from './window.ts'

export interface FeedOptions {
  connection: Connection
  window: Window
  presence: boolean
  /** In the order of each room. */
  onNews: (news: Exclude<News, { kind: 'gap' } | null>) => void
  /** Whether everything that is followed comes. */
  onWhole: (isWhole: boolean) => void
  signal: AbortSignal
}

interface Followed extends Progress {
  /** What brings it; null: it is new, and waits for the end of this turn. */
  strand: Strand | null
}

/** Rooms of one subscription: their versions are some 12 KB, so that several fit into one frame. */
const STRAND_ROOMS = 256
/** Strands of less than half of that, above which they are gathered into fewer. */
const MOST_SMALL = 8

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/**
 * The rooms that are followed, spread over strands: a subscription's rooms cannot be changed, and to begin one again costs a read of
 * each of its rooms. So new rooms get a strand of their own, small strands are gathered when there are many, and one that lost a
 * room begins again without it.
 */
export function createFeed({ connection, window, presence, onNews, onWhole, signal }: FeedOptions) {
  const followed = new Map<string, Followed>()
  const strands = new Set<Strand>()
  let timer: ReturnType<typeof setTimeout> | undefined
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })

  const tellWhole = () => onWhole([...strands].every(({ isWhole }) => isWhole))

  const versionsOf = (rooms: Iterable<string>): RoomVersions => {
    const versions: RoomVersions = {}
    for (const room of rooms) {
      const one = followed.get(room)
      if (one === undefined) continue
      one.asked = one.version
      versions[room] = one.version
    }
    return versions
  }

  const drop = (room: string): Strand | null => {
    const strand = followed.get(room)?.strand ?? null
    followed.delete(room)
    strand?.rooms.delete(room)
    return strand
  }

  const takeFrame = (strand: Strand, frame: RoomFrame): void => {
    const one = followed.get(frame.room)
    // Of a room that is not followed any more, or that another strand brings by now.
    if (one === undefined || one.strand !== strand) return
    const news = take(one, frame)
    if (news === null) return
    if (news.kind === 'gap') return strand.restart()
    if (news.kind === 'end') drop(frame.room)
    onNews(news)
  }

  const begin = (rooms: readonly string[]): void => {
    const strand: Strand = openStrand({
      ...{ connection, window, rooms, presence, versionsOf, signal },
      onFrame: (frame) => takeFrame(strand, frame),
      onReach: tellWhole,
      onFail: (failed, { rule }) => {
        for (const room of [...failed]) takeFrame(strand, { kind: 'end', room, rule })
        plan()
      },
    })
    strands.add(strand)
    for (const room of rooms) {
      const one = followed.get(room)
      if (one !== undefined) one.strand = strand
    }
  }

  const end = (strand: Strand): void => {
    strand.stop()
    strands.delete(strand)
    for (const room of strand.rooms) {
      const one = followed.get(room)
      if (one !== undefined) one.strand = null
    }
  }

  const plan = (): void => {
    timer = undefined
    for (const strand of strands) if (strand.rooms.size === 0) end(strand)
    const small = [...strands].filter(({ rooms }) => rooms.size < STRAND_ROOMS / 2)
    if (small.length > MOST_SMALL) small.forEach(end)
    for (const strand of strands) {
      if (strand.isStale) strand.restart()
      strand.isStale = false
    }
    const fresh = [...followed].flatMap(([room, { strand }]) => (strand === null ? [room] : []))
    for (let at = 0; at < fresh.length; at += STRAND_ROOMS) begin(fresh.slice(at, at + STRAND_ROOMS))
    tellWhole()
  }
  const planSoon = (): void => {
    if (!signal.aborted) timer ??= setTimeout(plan)
  }

  return {
    follow: (room: string, after: number | null): void => {
      if (!UUID.test(room)) throw new FoyerError('bad-request', { message: 'A room is followed by its UUID' })
      if (signal.aborted || followed.has(room)) return
      followed.set(room, { version: after, asked: after, strand: null })
      planSoon()
    },
    unfollow: (room: string): number | null => {
      const version = followed.get(room)?.version ?? null
      const strand = drop(room)
      if (strand !== null) strand.isStale = true
      planSoon()
      return version
    },
    get versions(): RoomVersions {
      return Object.fromEntries([...followed].map(([room, { version }]) => [room, version]))
    },
  }
}
export type Feed = ReturnType<typeof createFeed>
