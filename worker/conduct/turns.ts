import { pause } from '../loop.ts'

export interface Turns {
  signal: AbortSignal
  onError: (error: unknown) => void
  /** Until the next turn: another number each time, so that processes do not act in step. */
  pauseMs: () => number
  /** Whether the next one follows at once. */
  turn: () => Promise<boolean>
}

/** Turns one after the other, until the signal aborts; an error is told and ends one turn. */
export async function turns({ signal, onError, pauseMs, turn }: Turns): Promise<void> {
  while (!signal.aborted) {
    const isMore = await turn().catch((error: unknown) => (onError(error), false))
    if (!isMore) await pause(pauseMs(), signal)
  }
}
