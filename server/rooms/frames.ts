import type { RoomFrame } from '../../shared/room/schema.ts'
import type { Actor, RoomState } from '../../shared/room/state.ts'
import { governs } from '../../shared/room/decision.ts'
import { newsOf } from '../../shared/room/view.ts'
import type { EventDoc } from '../store/docs.ts'

export type SnapshotFrame = Extract<RoomFrame, { kind: 'snapshot' }>
export type EventsFrame = Extract<RoomFrame, { kind: 'events' }>

/** Of the newest event of a document. */
export const lastOf = ({ seq, n }: Pick<EventDoc, 'seq' | 'n'>) => seq + n - 1

/** The versions that a subscriber wants: those after one, up to another. */
export interface Range {
  after: number
  upTo: number
}

/** Of documents that went out whole and alone, as they do to everybody who keeps up: made once, however many watch. */
const wholes = new WeakMap<EventDoc, EventsFrame>()

function wholeFrame(doc: EventDoc): EventsFrame {
  const known = wholes.get(doc)
  if (known !== undefined) return known
  const { room, seq, body } = doc
  const frame: EventsFrame = { kind: 'events', room, from: seq, version: lastOf(doc), events: body }
  wholes.set(doc, frame)
  return frame
}

/** The events of consecutive documents as one frame: JSON text as it is stored, cut only where the range cuts a document. */
export function eventsFrame(docs: readonly EventDoc[], range: Range): EventsFrame | null {
  const [only] = docs
  if (only !== undefined && docs.length === 1 && only.seq > range.after && lastOf(only) <= range.upTo)
    return wholeFrame(only)
  const wanted = docs.filter((doc) => lastOf(doc) > range.after && doc.seq <= range.upTo)
  const [first] = wanted
  const last = wanted.at(-1)
  if (first === undefined || last === undefined) return null
  const texts = wanted.map((doc) => cut(doc, range))
  const [text] = texts
  const events = texts.length === 1 && text !== undefined ? text : `[${texts.map((one) => one.slice(1, -1)).join(',')}]`
  const from = Math.max(first.seq, range.after + 1)
  return { kind: 'events', room: first.room, from, version: Math.min(lastOf(last), range.upTo), events }
}

function cut(doc: EventDoc, { after, upTo }: Range): string {
  if (doc.seq > after && lastOf(doc) <= upTo) return doc.body
  const events: unknown = JSON.parse(doc.body)
  const begin = Math.max(0, after + 1 - doc.seq)
  return JSON.stringify(Array.isArray(events) ? events.slice(begin, upTo + 1 - doc.seq) : [])
}

/** What the two kinds of viewers see of a state, as JSON text: made once for each, however many watch. */
const texts = new WeakMap<RoomState, { governing?: string; other?: string }>()

/** All of a room, as its viewer sees it. */
export function snapshotFrame(state: RoomState, viewer: Actor, why: SnapshotFrame['why']): SnapshotFrame {
  const made = texts.get(state) ?? {}
  texts.set(state, made)
  const kind = governs(state, viewer) ? 'governing' : 'other'
  const view = (made[kind] ??= JSON.stringify(newsOf(state, viewer)))
  return { kind: 'snapshot', room: state.room, version: state.seq, why, view }
}
