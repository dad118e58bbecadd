/** How much of what was sent may still wait in a connection before its streams pause, bytes: one events frame (rooms/frames.ts). */
const BUFFERED_BYTES = 64 * 1_024

/** Holds a connection's streams back while its client does not read. */
export interface Flow {
  /** Resolves once the client has read most of what was sent; or when the signal aborts. */
  ready(signal?: AbortSignal): Promise<void>
}

export interface OwnFlow extends Flow {
  /** The connection has taken some more. */
  drained(): void
  /** Nothing is held back any more: the connection is gone. */
  end(): void
}

const GO = Promise.resolve()

/**
 * tRPC's WebSocket handler pulls and sends for as long as there is something, and the runtime buffers it: 16 MB, and then it
 * drops. `buffered` tells how much waits there. Streams that were held go on one at a time, each a turn of the event loop after
 * the other, so that all of them together do not send what was held back from one.
 */
export function createFlow(buffered: () => number): OwnFlow {
  const waiting = new Set<() => void>()
  let ended = false
  let pumping = false
  const isClear = () => ended || buffered() <= BUFFERED_BYTES

  const ready = (signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted === true || (waiting.size === 0 && isClear())) return GO
    return new Promise((resolve) => {
      const go = () => {
        waiting.delete(go)
        signal?.removeEventListener('abort', go)
        resolve()
      }
      waiting.add(go)
      signal?.addEventListener('abort', go, { once: true })
      drained()
    })
  }

  const drained = () => {
    if (pumping || waiting.size === 0) return
    pumping = true
    setImmediate(pump)
  }

  const pump = () => {
    const [first] = waiting
    pumping = first !== undefined && isClear()
    if (!pumping) return
    first?.()
    setImmediate(pump)
  }

  const end = () => {
    ended = true
    for (const go of [...waiting]) go()
  }

  return { ready, drained, end }
}
