import { connectRooms, type RoomsOptions } from '../../client/rooms.ts'
import type { FollowEnd, FollowedEvents, FollowedSnapshot, NumberedEvent, Rooms } from '../../client/rooms/types.ts'
import { tokenOf } from './tokens.ts'
import { until } from './until.ts'

/** An integrator's backend, and all that it was told. */
export interface Backend extends Disposable {
  rooms: Rooms
  told: FollowedEvents[]
  snapshots: FollowedSnapshot[]
  ends: FollowEnd[]
  states: string[]
  /** The events of one room, in the order in which they came. */
  eventsOf: (room: string) => NumberedEvent[]
  versionsOf: (room: string) => number[]
  /** Until all of these rooms were told up to a version. */
  reached: (rooms: readonly string[], version: number) => Promise<void>
}

/** Connects with a service token, unless it is given one, and writes down what comes. */
export async function backendOf(url: string, options: Partial<RoomsOptions> = {}): Promise<Backend> {
  const token = options.token ?? (await tokenOf('backend', { role: 'service' }))
  const rooms = connectRooms({ url, ...options, token })
  const told: FollowedEvents[] = []
  const snapshots: FollowedSnapshot[] = []
  const ends: FollowEnd[] = []
  const states: string[] = []
  rooms.on('events', (events) => void told.push(events))
  rooms.on('snapshot', (snapshot) => void snapshots.push(snapshot))
  rooms.on('end', (end) => void ends.push(end))
  rooms.on('state', ({ state }) => void states.push(state))
  const eventsOf = (room: string) => told.filter((one) => one.room === room).flatMap(({ events }) => events)
  const behind = (wanted: readonly string[], version: number) => {
    const { versions } = rooms
    return wanted.filter((room) => (versions[room] ?? 0) < version)
  }
  return {
    ...{ rooms, told, snapshots, ends, states, eventsOf },
    versionsOf: (room) => eventsOf(room).map(({ version }) => version),
    reached: async (wanted, version) => {
      await until(() => behind(wanted, version).length === 0, { what: `version ${version}`, deadlineMs: 20_000 })
    },
    [Symbol.dispose]: rooms.close,
  }
}
