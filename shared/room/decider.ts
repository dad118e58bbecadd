import type { Decider } from '../log/decider.ts'
import { decide } from './decide.ts'
import { evolve } from './evolve.ts'
import type { RoomCommand, RoomEvent, RoomState } from './state.ts'

/** The rules of shared-data rooms (seed 2) for the room log. */
export const roomDecider: Decider<RoomState, RoomCommand, RoomEvent> = { decide, evolve }
