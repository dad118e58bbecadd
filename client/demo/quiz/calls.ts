import { retry } from '../../index.ts'
import { serviceClock, underNewId } from '../../room/command-id.ts'

const PATIENCE_MS = 15_000
const clock = serviceClock()

interface Asking {
  signal: AbortSignal
}

/** Sends a command until it is answered: under one id, so that it is done once however often it had to be sent. */
export const command = <T>(run: (envelope: { id: string }, options: Asking) => Promise<T>): Promise<T> =>
  underNewId(clock, (id) => retry((signal) => run({ id }, { signal }), { deadlineMs: PATIENCE_MS }))

/** The same for what may be done again and again, and changes nothing by it. */
export const ask = <T>(run: (options: Asking) => Promise<T>): Promise<T> =>
  retry((signal) => run({ signal }), { deadlineMs: PATIENCE_MS })
