import { within } from '../server/drain.ts'
import { type FromSupervisor, fromChild, type Series } from './ipc.ts'

/** How long a child may take to tell its metrics, ms. */
const METRICS_MS = 1_000

/** A process as its parent has it. */
export interface ChildProcess {
  pid: number
  /** How it ended: `SIGKILL`, `exit code 0`. */
  exited: Promise<string>
  send: (message: FromSupervisor) => void
  kill: () => void
}
/** Starts the process that runs conductors as the worker `id`, and hands on what it says. */
export type StartChild = (id: string, onMessage: (message: unknown) => void) => ChildProcess

/** Starts itself again as a child: `cmd` is how. */
export const startBy =
  (cmd: readonly string[]): StartChild =>
  (id, onMessage) => {
    let connected = true
    const child = Bun.spawn({
      cmd: [...cmd, id],
      stdio: ['ignore', 'inherit', 'inherit'],
      ipc: onMessage,
      onDisconnect: () => void (connected = false),
    })
    return {
      pid: child.pid,
      exited: child.exited.then((code) => String(child.signalCode ?? `exit code ${code}`)),
      // It may be gone by now: that is told by `exited`.
      send: (message) => {
        if (connected && child.exitCode === null && child.signalCode === null) child.send(message)
      },
      kill: () => child.kill('SIGKILL'),
    }
  }

/** One child while it lives. */
export interface Child {
  id: string
  pid: number
  exited: Promise<string>
  /** Of its last beat, by `performance.now()`; null: it has not begun. */
  beatAt: number | null
  startedAt: number
  healthy: boolean
  /** How many conductors it runs. */
  size: number
  /** Its series; empty where it does not tell in time. */
  series: () => Promise<Series[]>
  stop: () => void
  kill: () => void
}

/** Starts a child under an id that no other process ever has. */
export function createChild(start: StartChild): Child {
  const id = crypto.randomUUID()
  const asked = new Map<number, (series: Series[]) => void>()
  let questions = 0

  const onMessage = (message: unknown) => {
    const told = fromChild(message)
    if (told?.type === 'beat')
      Object.assign(child, { beatAt: performance.now(), healthy: told.healthy, size: told.size })
    if (told?.type === 'metrics') asked.get(told.nth)?.(told.series)
  }
  const series = async (): Promise<Series[]> => {
    const nth = ++questions
    const { promise, resolve } = Promise.withResolvers<Series[]>()
    asked.set(nth, resolve)
    send({ type: 'metrics', nth })
    const inTime = await within(METRICS_MS, promise)
    asked.delete(nth)
    return inTime ? promise : []
  }

  const { pid, exited, send, kill } = start(id, onMessage)
  const startedAt = performance.now()
  const stop = () => send({ type: 'stop' })
  const child: Child = { id, pid, exited, beatAt: null, startedAt, healthy: false, size: 0, series, stop, kill }
  return child
}
