import { setTimeout as pause } from 'node:timers/promises'
import { startBun } from './lines.ts'
import type { LineProcess, LineSpec } from './lines.ts'
import { listeningUrl } from './logs.ts'

/** A process to keep running; `say` gets what the supervisor itself has to tell about it. */
export type ServiceSpec = LineSpec & { name: string; say: (line: string) => void; waits?: Waits }

/** Milliseconds: first and longest pause before a restart, the uptime that forgets earlier crashes, the time to stop in. */
export type Waits = { first: number; longest: number; healthy: number; grace: number }

/**
 * A process that is kept running. `ready` resolves to the address of its first `listening` line and rejects when it ends
 * before that: what never ran is not tried again. `stop` resolves once it is gone (SIGTERM, after `grace` SIGKILL).
 */
export type Service = { name: string; ready: Promise<string>; stop: () => Promise<void>; kill: () => void }

const WAITS: Waits = { first: 500, longest: 15_000, healthy: 30_000, grace: 12_000 }

/** Starts a process and keeps it running until `stop`. */
export const supervise = (spec: ServiceSpec): Service => {
  const waits = spec.waits ?? WAITS
  const ready = Promise.withResolvers<string>()
  // The rejection is also seen by those who come late.
  ready.promise.catch(() => undefined)
  const stopping = new AbortController()
  let wasReady = false
  let current: LineProcess | undefined

  const runOnce = () => {
    current = startBun({
      ...spec,
      onLine: (line) => {
        spec.onLine(line)
        const url = listeningUrl(line)
        if (url === undefined) return
        wasReady = true
        ready.resolve(url)
      },
    })
    return current.exited
  }
  const keepRunning = async () => {
    for (let wait = waits.first; ; wait = Math.min(wait * 2, waits.longest)) {
      const startedAt = performance.now()
      const how = await runOnce()
      if (stopping.signal.aborted) return
      if (!wasReady) return ready.reject(new Error(`the ${spec.name} did not start (${how})`))
      if (performance.now() - startedAt > waits.healthy) wait = waits.first
      spec.say(`ended (${how}); starts again in ${wait} ms`)
      await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
    }
  }
  const done = keepRunning()
  return {
    name: spec.name,
    ready: ready.promise,
    stop: async () => {
      stopping.abort()
      current?.signal('SIGTERM')
      const timer = setTimeout(() => current?.signal('SIGKILL'), waits.grace)
      await done.finally(() => clearTimeout(timer))
    },
    kill: () => {
      stopping.abort()
      current?.signal('SIGKILL')
    },
  }
}
