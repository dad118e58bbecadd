export interface LoopOptions {
  /** Between two turns; as a function: another number each time, so that processes do not act in step. */
  everyMs: number | (() => number)
  /** One turn; what it throws is reported and the loop goes on. true: the next one follows at once. */
  turn: () => Promise<boolean | void>
  onError: (error: unknown) => void
  /** After each turn, well or badly ended: what is stuck does not come here. */
  onTurnEnd?: () => void
  signal: AbortSignal
}

/** Runs turns one after the other, never two at once, until the signal aborts; resolves when the last turn has ended. */
export async function loop({ everyMs, turn, onError, onTurnEnd, signal }: LoopOptions): Promise<void> {
  while (!signal.aborted) {
    const isMore = await turn().catch(onError)
    onTurnEnd?.()
    if (isMore !== true) await pause(typeof everyMs === 'number' ? everyMs : everyMs(), signal)
  }
}

/** Waits, or less when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
