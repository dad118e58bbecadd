import { boardSchema, BOUNDS, type Board } from '../../client/demo/board/data.ts'
import { connectRooms } from '../../client/rooms.ts'
import type { NumberedEvent } from '../../client/rooms/types.ts'
import { roomDecider } from '../../shared/room/decider.ts'
import type { RoomState } from '../../shared/room/state.ts'
import { tokenOf } from './tokens.ts'

const USER = 'robot'

/** An integrator's backend on a demo board: one WebSocket with a service token, on which it acts for a user of its own. */
export async function startRobot(url: string, room: string) {
  const rooms = connectRooms({ url, token: await tokenOf('backend', { role: 'service' }), rooms: { [room]: 0 } })
  const edits = rooms.as(USER).edits(room, boardSchema)
  const events: NumberedEvent[] = []
  const snapshots: string[] = []
  let state: RoomState | null = null
  let outages = 0
  rooms.on('events', (told) => {
    for (const event of told.events) state = roomDecider.evolve(state, event, event.version)
    events.push(...told.events)
  })
  rooms.on('snapshot', ({ why }) => void snapshots.push(why))
  rooms.on('state', (now) => void (now.state === 'offline' && outages++))
  await rooms.as(USER).join(room)
  return {
    /** Every event that it was told, in the order in which it was. */
    events,
    /** What it was told instead of events. */
    snapshots,
    outages: () => outages,
    version: () => state?.seq ?? 0,
    /** The board as it knows it by the events alone. */
    board: (): Board => boardSchema.parse(state?.data),
    draw: (id: string, points: readonly number[]) => edits.append('/strokes', { id, ink: 5, points: [...points] }),
    count: (by: number) => edits.increment('/count', by, BOUNDS),
    due: (row: string, text: string) => edits.set(`/rows/@${row}/due`, text),
    [Symbol.dispose]: () => rooms.close(),
  }
}
export type Robot = Awaited<ReturnType<typeof startRobot>>
