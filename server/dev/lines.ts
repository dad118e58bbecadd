import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** Environment variables as they are inherited. */
export type Env = Record<string, string | undefined>

/** A child process to start: `bun` arguments, its environment, and who gets each line of its stdout and stderr. */
export type LineSpec = { args: readonly string[]; env: Env; cwd: string; onLine: (line: string) => void }

/** A running child. `exited` resolves to how it ended, after its last line; `signal` is harmless once it is gone. */
export type LineProcess = { pid: number; exited: Promise<string>; signal: (signal: NodeJS.Signals) => void }

/**
 * Starts another Bun beside this one. Detached, so that a terminal's Ctrl-C reaches only the one who stops things in
 * order; `--no-orphans`, so that the system kills it when this process dies, kill -9 included.
 */
export const startBun = ({ args, env, cwd, onLine }: LineSpec): LineProcess => {
  const child = spawn(process.execPath, ['--no-orphans', ...args], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  const read = Promise.all([readLines(child.stdout, onLine), readLines(child.stderr, onLine)])
  return {
    pid: child.pid ?? 0,
    exited: Promise.all([ended, read]).then(([how]) => how),
    signal: (signal) => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    },
  }
}

const readLines = (stream: Readable, onLine: (line: string) => void): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const reader = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
  reader.on('line', onLine)
  reader.once('close', resolve)
  return promise
}
