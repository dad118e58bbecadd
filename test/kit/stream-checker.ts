import type { Actor } from '../../shared/log/decider.ts'
import { roomDecider } from '../../shared/room/decider.ts'
import type { RoomFrame } from '../../shared/room/schema.ts'
import type { RoomEvent, RoomState } from '../../shared/room/state.ts'
import { newsOf } from '../../shared/room/view.ts'
import { eventsOf } from '../../server/rooms/fold.ts'
import type { EventDoc } from '../../server/store/docs.ts'

type Frame<K extends RoomFrame['kind']> = Extract<RoomFrame, { kind: K }>

export interface StreamCheck {
  /** The room's whole log, in order; with what retention took. */
  docs: readonly EventDoc[]
  /** Who received; one who governs the room is told each event, also of a deleted one. */
  viewer: Actor
  /** Up to this version nothing is kept any more: who resumes below it hears one resync. */
  forgotten?: number
}

/** A stream as its receiver saw it: with which version it began (null: with none), and what came over all of its connections. */
export interface Received {
  after: number | null
  frames: readonly RoomFrame[]
}

/** Judges streams of one room: what is wrong with each; nothing: it brought each event once, in order and as it is in the log. */
export function streamChecker({ docs, viewer, forgotten = 0 }: StreamCheck) {
  const log: { text: string; state: RoomState }[] = []
  for (const event of docs.flatMap((doc) => eventsOf<RoomEvent>(doc))) {
    const state = roomDecider.evolve(log.at(-1)?.state ?? null, event, log.length + 1)
    log.push({ text: JSON.stringify(event), state })
  }

  const eventsFaults = ({ from, version, events }: Frame<'events'>, at: number | null): string[] => {
    const texts = JSON.parse(events).map((event: unknown) => JSON.stringify(event))
    const stored = log.slice(from - 1, version).map(({ text }) => text)
    return [
      ...(at === null || from === at + 1 ? [] : [`${from} came after ${at}`]),
      ...(at === null ? [`${from} came before the snapshot`] : []),
      ...(Bun.deepEquals(texts, stored) ? [] : [`the events ${from} to ${version} are not the log's`]),
    ]
  }

  const isDue = ({ why, version }: Frame<'snapshot'>, at: number | null): boolean => {
    if (why === 'deleted') return version === log.length && (at === null || at === version)
    if (why === 'start') return at === null
    return why === 'resync' && at !== null && at < forgotten && version >= forgotten
  }
  const snapshotFaults = (frame: Frame<'snapshot'>, at: number | null): string[] => {
    const { why, version, view } = frame
    const state = log[version - 1]?.state
    const news = state === undefined ? null : JSON.parse(JSON.stringify(newsOf(state, viewer)))
    return [
      ...(isDue(frame, at) ? [] : [`a snapshot (${why}) of ${version} came after ${at}`]),
      ...(Bun.deepEquals(JSON.parse(view), news) ? [] : [`the snapshot of ${version} is not the log's`]),
    ]
  }

  return ({ after, frames }: Received): string[] => {
    const faults: string[] = []
    let at = after
    let isOver = false
    for (const frame of frames) {
      if (frame.kind === 'presence') continue
      if (isOver) faults.push(`${frame.kind} came after the end`)
      if (frame.kind === 'events') faults.push(...eventsFaults(frame, at))
      if (frame.kind === 'snapshot') faults.push(...snapshotFaults(frame, at))
      if (frame.kind !== 'end') at = frame.version
      isOver = frame.kind === 'end' || (frame.kind === 'snapshot' && frame.why === 'deleted')
    }
    return at === log.length ? faults : [...faults, `it ended at ${at}, the log at ${log.length}`]
  }
}
