import { parseEnv } from '../server/env.ts'
import { onSignals } from '../server/signals.ts'
import { startBy } from './child.ts'
import { conduct } from './conduct.ts'
import { faultsOf } from './faults.ts'
import { runWorker } from './run.ts'

const onStop = (stop: (reason: string) => Promise<void>) => onSignals(process, stop)
const exit = (code: number) => process.exit(code)

/** Alone it is a worker. With `conduct <supervisor> <id>` it is one of its children, which run quizconductors. */
async function main() {
  const [role, supervisor, id] = process.argv.slice(2)
  const env = parseEnv(process.env)
  if (role !== 'conduct' || supervisor === undefined || id === undefined) {
    const self = [process.execPath, import.meta.path, 'conduct']
    return runWorker(env, { startOf: (worker) => startBy([...self, worker]), onStop, exit })
  }
  const link = {
    send: (message: unknown) => void (process.connected && process.send?.(message)),
    onMessage: (listener: (message: unknown) => void) => void process.on('message', listener),
    onDisconnect: (listener: () => void) => void process.on('disconnect', listener),
  }
  const faults = faultsOf(process.env, () => process.kill(process.pid, 'SIGKILL'))
  const { spinMs } = faults
  if (spinMs !== undefined) process.on('SIGUSR2', () => Bun.sleepSync(spinMs))
  return conduct({ env, worker: { id, supervisor, pid: process.pid }, link, faults, onStop, exit })
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
