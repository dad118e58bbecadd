import { z } from 'zod'

/** An event as it stands in the log: beside what happened, which command did it. */
export type Logged<E> = E & { command: string }

/** The id of a command: a UUIDv7 (RFC 9562) made by the client, new for each command that is not a repeat. */
export const commandIdSchema = z.uuidv7()

/** The time in a UUIDv7, ms. */
export const commandTime = (id: string) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

/** How far a client's clock may be ahead: past that an id could outlive its entry in the index. */
export const COMMAND_SKEW_MS = 3_600_000

/** Whether an id is of the time in which repeats are recognised (room-log.md 9). */
export const isTimely = (id: string, { now, retentionMs }: { now: number; retentionMs: number }) => {
  const at = commandTime(id)
  return at > now - retentionMs + COMMAND_SKEW_MS && at < now + COMMAND_SKEW_MS
}
