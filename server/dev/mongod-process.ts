import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Mongod } from './mongod.ts'
import { accepting } from './replica-set.ts'

/** mongod's own settings (`--setParameter`). */
export type Parameters = Readonly<Record<string, number>>

/** One mongod to start; without `replSet` it runs alone. */
export type Member = { port: number; dbPath: string; replSet?: string; parameters?: Parameters }

/** A mongod that accepts connections. `stop` lets it close its files (SIGTERM), `kill` does not; both resolve once it is gone. */
export type MongodProcess = { pid: number; stop: () => Promise<void>; kill: () => Promise<void> }

const ACCEPT_MS = 60_000
const STOP_MS = 20_000
const LOG_KEPT = 8_192

/** Starts one mongod on loopback and resolves once it accepts connections. It stops by itself when this process dies, however that happens. */
export const startMongod = async (
  binary: Mongod,
  { port, dbPath, replSet, parameters = {} }: Member,
): Promise<MongodProcess> => {
  const set = replSet === undefined ? [] : ['--replSet', replSet]
  const own = Object.entries(parameters).flatMap(([name, value]) => ['--setParameter', `${name}=${value}`])
  const args = ['--port', `${port}`, '--dbpath', dbPath, '--bind_ip', '127.0.0.1', ...set, ...own]
  // Detached: the Ctrl-C of a terminal must reach the one who stops things in order, not mongod.
  const child = spawn(binary.path, args, { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-LOG_KEPT)
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${binary.path} cannot be started`)
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await exited.finally(() => clearTimeout(timer))
  }
  const watcher = dieTogether(pid)
  void exited.then(() => watcher.kill('SIGKILL'))
  const late = AbortSignal.timeout(ACCEPT_MS)
  const gone = new AbortController()
  void exited.then(() => gone.abort())
  await accepting(port, AbortSignal.any([late, gone.signal]))
  if (gone.signal.aborted || late.aborted) {
    await end('SIGKILL')
    throw new Error(`mongod on port ${port} did not start: ${complaint(said)}`)
  }
  return { pid, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

/**
 * A shell that waits on a pipe from this process: the pipe ends with us, kill -9 included, and the shell stops mongod.
 * (`process.exit` alone would leave it behind, and mongodb-memory-server's own watcher looks only every two seconds.)
 */
const dieTogether = (pid: number): ChildProcess => {
  const script = `read gone; kill ${pid} 2>/dev/null`
  const watcher = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  watcher.unref()
  return watcher
}

/** The errors of mongod's JSON log, as plain text. */
const complaint = (said: string): string => {
  const errors = said.split('\n').filter((line) => /"s":"[EF]"/.test(line))
  return errors.join('\n') || said.slice(-1_000) || 'it said nothing'
}
