import type { Decider } from '../../shared/log/decider.ts'
import type { Json } from '../../shared/json.ts'
import { RuleError } from '../../shared/rules.ts'
import { createRoomLog } from '../../server/rooms/log.ts'
import { connectStore } from '../../server/store/connect.ts'
import type { RoomParts } from '../../server/rooms/parts.ts'
import type { LogStore } from '../../server/store/log.ts'

/** The smallest kind of room: a sum, the newest note, and a lid that somebody may lift again. For tests of the log itself. */
export interface Tally {
  seq: number
  sum: number
  closed: boolean
  note?: Json
}
export type TallyCommand =
  | { type: 'add'; by: number }
  | { type: 'note'; value: Json }
  | { type: 'close' }
  /** Accepted also where the lid is off. */
  | { type: 'open' }
export type TallyEvent =
  | { type: 'added'; by: number; at: number }
  | { type: 'noted'; value: Json; at: number }
  | { type: 'closed'; at: number }
  | { type: 'opened'; at: number }

export const tallyDecider: Decider<Tally, TallyCommand, TallyEvent> = {
  decide: (state, command, { now }) => {
    if (command.type === 'open') return { events: [{ type: 'opened', at: now }], result: null }
    if (state?.closed === true) return new RuleError('room-gone')
    if (command.type === 'close') return { events: [{ type: 'closed', at: now }], result: null }
    if (command.type === 'note') return { events: [{ type: 'noted', value: command.value, at: now }], result: null }
    return { events: [{ type: 'added', by: command.by, at: now }], result: (state?.sum ?? 0) + command.by }
  },
  evolve: (state, event, seq) => {
    const before = { sum: 0, closed: false, ...state, seq }
    if (event.type === 'added') return { ...before, sum: before.sum + event.by }
    if (event.type === 'noted') return { ...before, note: event.value }
    return { ...before, closed: event.type === 'closed' }
  },
}

/** Who sends everything. */
export const TESTER = { user: 'tester', service: false }

/** What a test replaces of a log's parts; of its store as well, where it asks for it. */
export type More = Partial<RoomParts> | ((log: LogStore) => Partial<RoomParts>)

/** A process's room log over its own connection, without a change stream: nobody tells it what others write. */
export async function openTally(url: string, more: More = {}) {
  const store = await connectStore({ url, appName: 'foyer-test', onError: () => {} })
  const conflicts: string[] = []
  const unsound: string[] = []
  const parts: RoomParts = {
    log: store.log,
    now: store.clock.now,
    onUnsound: (room) => void unsound.push(room),
    onConflict: (index) => void conflicts.push(index),
    onError: () => {},
    deadlineMs: 5_000,
    ...(typeof more === 'function' ? more(store.log) : more),
  }
  const tally = createRoomLog<Tally, TallyCommand, TallyEvent>({
    parts,
    decider: tallyDecider,
    usersOf: () => [],
    summary: () => ({ kind: 'tally', at: store.clock.now().getTime(), users: [], deleted: false }),
    onError: () => {},
  })
  const send = (room: string, command: TallyCommand, id: string = Bun.randomUUIDv7()) =>
    tally.send({ room, id, actor: TESTER, command, hash: JSON.stringify(command) })
  const close = async () => {
    await tally.close()
    await store.close()
  }
  return { ...tally, send, store, parts, conflicts, unsound, close, [Symbol.asyncDispose]: close }
}
