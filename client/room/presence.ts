import type { Json } from '../../shared/json.ts'
import type { Presence, RoomFrame } from '../../shared/room/schema.ts'
import { type FoyerError, toFoyerError } from '../errors.ts'
import { backoffMs, pause } from '../retry.ts'

/** At most twenty a second: what a cursor needs to look alive. */
const PACE_MS = 50
const RENEW_MS = 3_000

export interface PresenterOptions {
  /** Shows a state, or (null) takes it away; tells how often to renew it, ms. */
  send: (state: Json) => Promise<{ renewMs: number }>
  signal: AbortSignal
  /** It will not be shown, and no repeat helps. */
  onError: (error: FoyerError) => void
}

/** Shows this connection's state to the others: the newest at its pace, renewed while it stays, tried again while the server is away. */
export function presenter({ send, signal, onError }: PresenterOptions) {
  let wanted: Json = null
  let isNew = false
  let isRunning = false
  let wake = () => {}

  const sleep = async (ms: number): Promise<void> => {
    const news = new AbortController()
    wake = () => news.abort()
    await pause(ms, AbortSignal.any([signal, news.signal])).catch(() => {})
  }
  /** Whatever is wanted meanwhile: that is what keeps the pace. */
  const rest = (ms: number): Promise<void> => pause(ms, signal).catch(() => {})

  const turn = async (): Promise<void> => {
    isNew = false
    const began = performance.now()
    const { renewMs } = await send(wanted)
    if (!isNew && wanted !== null) await sleep(Math.min(renewMs, RENEW_MS))
    const early = began + PACE_MS - performance.now()
    if (early > 0) await rest(early)
  }

  const isDue = () => !signal.aborted && (isNew || wanted !== null)
  const run = async (): Promise<void> => {
    if (isRunning) return
    isRunning = true
    for (let failures = 0; isDue();) {
      try {
        await turn()
        failures = 0
      } catch (thrown) {
        const error = toFoyerError(thrown)
        if (signal.aborted) break
        // Unless something else is wanted by now.
        if (error.retryable) isNew = true
        else if (!isNew) wanted = null
        if (!error.retryable) onError(error)
        await rest(error.retryable ? backoffMs(failures++, error.retryAfterMs) : PACE_MS)
      }
    }
    isRunning = false
  }

  return {
    present: (state: Json): void => {
      wanted = state
      isNew = true
      wake()
      void run()
    },
    /** Whether something is shown, or about to be. */
    isShown: () => wanted !== null,
  }
}

/** Who is present, by their frames: a list that is replaced, never changed. */
export function presenceList() {
  const all = new Map<string, Presence>()
  let list: readonly Presence[] = []
  return {
    take: ({ all: isAll, present }: Extract<RoomFrame, { kind: 'presence' }>): readonly Presence[] => {
      if (isAll) all.clear()
      for (const one of present) {
        const key = `${one.conn} ${one.user}`
        if (one.state === null) all.delete(key)
        else all.set(key, one)
      }
      list = [...all.values()]
      return list
    },
    get list() {
      return list
    },
  }
}
