import { FoyerError } from '../errors.ts'

interface Waiter {
  bytes: number
  go: () => void
}

/**
 * How much may be on its way at once. tRPC sends all that waits for a connection in one frame when it opens, and the server closes
 * a connection whose frame is too large, after which all of it would wait again: what is on its way together must fit into one.
 */
export function createWindow(most: number) {
  const queues = { stream: new Set<Waiter>(), call: new Set<Waiter>() }
  let used = 0

  const next = (): void => {
    for (const queue of [queues.stream, queues.call]) {
      for (const waiter of queue) {
        if (used > 0 && used + waiter.bytes > most) return
        queue.delete(waiter)
        used += waiter.bytes
        waiter.go()
      }
    }
  }

  /**
   * Resolves in turn, streams before calls, with what gives the place back. More than there is waits for all of it. Error:
   * `aborted`.
   */
  const take = (kind: keyof typeof queues, bytes: number, signal: AbortSignal): Promise<() => void> => {
    const waiting = queues[kind]
    const { promise, resolve, reject } = Promise.withResolvers<() => void>()
    let isOver = false
    const release = () => {
      if (isOver) return
      isOver = true
      used -= bytes
      next()
    }
    const abort = () => {
      if (waiting.delete(waiter)) next()
      reject(new FoyerError('aborted'))
    }
    const go = () => {
      signal.removeEventListener('abort', abort)
      resolve(release)
    }
    const waiter: Waiter = { bytes, go }
    if (signal.aborted) return Promise.reject(new FoyerError('aborted'))
    signal.addEventListener('abort', abort, { once: true })
    waiting.add(waiter)
    next()
    return promise
  }

  return { take }
}
export type Window = ReturnType<typeof createWindow>
