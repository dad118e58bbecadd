import { afterAll } from 'bun:test'
import { startBun } from '../../server/dev/lines.ts'
import type { Env } from '../../server/dev/lines.ts'
import { listeningUrl } from '../../server/dev/logs.ts'
import { ROOT } from './test-mongo.ts'

/** `url`: the database. `env`: settings on top of the kit's (loopback, any port, development, no rate limits). */
export type SpawnOptions = { url: string; env?: Env }

/** A real server or worker process of its own. */
export type Spawned = AsyncDisposable & {
  /** Where it listens, on loopback. */
  url: string
  pid: number
  /** Its stdout and stderr so far, line by line. */
  logs: readonly string[]
  /** How it ended: `SIGKILL`, `exit code 0`, … */
  exited: Promise<string>
  /** Sends a signal and resolves to how it ended. */
  kill: (signal: NodeJS.Signals) => Promise<string>
  /** SIGTERM: the clean end. */
  stop: () => Promise<string>
}

/** Starts `server/main.ts` and resolves once it listens. `await using` stops it; what is left at the file's end is killed. */
export const spawnServer = (options: SpawnOptions): Promise<Spawned> => spawnMain('server/main.ts', options)

/** Starts `worker/main.ts`, the same way; its `url` serves `/health`. */
export const spawnWorker = (options: SpawnOptions): Promise<Spawned> => spawnMain('worker/main.ts', options)

const SETTINGS: Env = {
  HOST: '127.0.0.1',
  PORT: '0',
  WORKER_PORT: '0',
  MODE: 'development',
  RATE_PER_ADDRESS: '0',
  RATE_PER_SECRET: '0',
}

/** A quieter process would not announce itself. */
const LEVELS = ['trace', 'debug', 'info']
const LISTENS_MS = 20_000

const left = new Set<Spawned['kill']>()

afterAll(async () => {
  await Promise.all([...left].map((kill) => kill('SIGKILL')))
})

/** Starts any script of this project that announces itself with a `listening` line. Rejects with its output if it ends before. */
export const spawnMain = async (script: string, { url: mongoUrl, env = {} }: SpawnOptions): Promise<Spawned> => {
  const logs: string[] = []
  const listening = Promise.withResolvers<string>()
  const child = startBun({
    args: [script],
    cwd: ROOT,
    env: {
      ...process.env,
      ...SETTINGS,
      MONGODB_URL: mongoUrl,
      ...env,
      LOG_LEVEL: LEVELS.find((level) => level === env.LOG_LEVEL) ?? 'info',
    },
    onLine: (line) => {
      logs.push(line)
      const announced = listeningUrl(line)
      if (announced !== undefined) listening.resolve(`http://127.0.0.1:${new URL(announced).port}`)
    },
  })
  const kill = (signal: NodeJS.Signals) => {
    child.signal(signal)
    return child.exited
  }
  left.add(kill)
  void child.exited.then((how) => {
    left.delete(kill)
    listening.reject(new Error(`${script} ended before it listened (${how})\n${logs.join('\n')}`))
  })
  const stop = () => kill('SIGTERM')
  const dispose = async () => void (await stop())
  const timer = setTimeout(() => void kill('SIGKILL'), LISTENS_MS)
  const url = await listening.promise.finally(() => clearTimeout(timer))
  return { url, pid: child.pid, logs, exited: child.exited, kill, stop, [Symbol.asyncDispose]: dispose }
}
