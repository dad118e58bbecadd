import { createHash } from 'node:crypto'
import { datedUuid } from '../../server/uuid.ts'
import type { Actor } from '../../shared/log/decider.ts'

/** Who acts as conductor, as the log names it. */
export const CONDUCTOR: Actor = { user: 'conductor', service: true }

const derived = (at: number, ...parts: readonly (string | number)[]) =>
  datedUuid(new Date(at), createHash('sha256').update(parts.join(' ')).digest())

/** Of a room as it was when a command of its conductor was decided. */
export interface Seen {
  room: string
  seq: number
  at: number
}

/**
 * Ids of a conductor's commands: one for each version that it acts on, so that under one epoch nothing is decided twice on the same,
 * however often it is sent and with whatever salt. The decider refuses whoever has not the epoch.
 */
export const stepId = ({ room, seq, at }: Seen, epoch: number) => derived(at, 'conduct', room, epoch, seq)
export const startedId = ({ room, at }: Seen, epoch: number) => derived(at, 'started', room, epoch)
export const releasedId = ({ room, at }: Seen, epoch: number) => derived(at, 'released', room, epoch)
