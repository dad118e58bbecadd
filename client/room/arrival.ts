import { FoyerError, toFoyerError } from '../errors.ts'
import { limit, orAborted, retry } from '../retry.ts'
import type { Command } from './command.ts'

/** `N`: all of a room, as the server tells it. */
export interface ArrivalOptions<N> {
  /** `at`: the version to which it has come. */
  replica: { readonly at: number }
  signal: AbortSignal
  get: (signal: AbortSignal) => Promise<N>
  /** Whether polls stand in for the stream: they bring no events, so there is nothing to wait for. */
  isPolling: () => boolean
  /** The server is there: if the stream pauses before it tries again, it need not. */
  wake: () => void
  /** All of the room, right after `command` or later. */
  takeNews: (news: N, command: Command | null) => void
  /** The server does not show the room to this client any more. */
  onEnd: (error: FoyerError) => void
}

/** How long the stream may take to bring what a reply has announced, ms; then the room is asked for. */
const CATCH_UP_MS = 2_000

/** Waits for the replica to be at a version. */
export function createArrival<N>({ replica, signal, get, isPolling, wake, takeNews, onEnd }: ArrivalOptions<N>) {
  let waiters: { version: number; resolve: () => void }[] = []

  /** Resolves when what comes by itself has brought the replica to a version, or at the end. */
  const reaches = (version: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    if (replica.at >= version || signal.aborted) resolve()
    else waiters.push({ version, resolve })
    return promise
  }

  const patiently = async (version: number): Promise<void> => {
    const patience = limit(CATCH_UP_MS, new FoyerError('timeout'), signal)
    await orAborted(reaches(version), patience.signal).catch(() => {})
    patience.end()
  }

  const isMissing = (version: number) => replica.at < version && !signal.aborted

  /** Resolves when the replica is at a version: by the stream, by the reply itself, or by asking; or at the end. */
  const arrived = async (
    { version, now }: { version: number; now: N | null },
    command: Command | null = null,
  ): Promise<void> => {
    if (now !== null) takeNews(now, command)
    try {
      while (isMissing(version)) {
        if (!isPolling()) {
          wake()
          await patiently(version)
        }
        if (isMissing(version)) takeNews(await retry(get, { signal }), command)
      }
    } catch (thrown) {
      // The command was done all the same.
      if (!signal.aborted) onEnd(toFoyerError(thrown))
    }
  }

  return {
    reaches,
    arrived,
    /** The replica is at another version. */
    moved: (): void => {
      const due = waiters.filter(({ version }) => version <= replica.at)
      waiters = waiters.filter((waiter) => !due.includes(waiter))
      for (const { resolve } of due) resolve()
    },
    /** There is nothing more to wait for. */
    end: (): void => {
      for (const { resolve } of waiters) resolve()
      waiters = []
    },
  }
}
