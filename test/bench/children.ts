import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type Env, startBun } from '../../server/dev/lines.ts'
import { listeningUrl } from '../../server/dev/logs.ts'
import { ROOT } from '../kit/test-mongo.ts'

export interface Child extends AsyncDisposable {
  port: number
  pid: number
  /** kill -9. */
  kill: () => Promise<string>
}

const SETTINGS: Env = {
  HOST: '127.0.0.1',
  PORT: '0',
  WORKER_PORT: '0',
  MODE: 'production',
  LOG_LEVEL: 'info',
  // The load comes from one address.
  RATE_PER_ADDRESS: '0',
  RATE_PER_SECRET: '0',
}

/** A real server process, `bun server/main.ts`. */
export const startServer = (url: string, env: Env = {}) => startMain('server/main.ts', { url, env })
/** A real worker process with its children, `bun worker/main.ts`. */
export const startWorker = (url: string, env: Env = {}) => startMain('worker/main.ts', { url, env })

/** A process that announces itself with a `listening` line; `url`: its database. */
export async function startMain(script: string, { url: mongoUrl, env }: { url: string; env: Env }): Promise<Child> {
  const listening = Promise.withResolvers<number>()
  const said: string[] = []
  const child = startBun({
    args: [script],
    cwd: ROOT,
    env: { ...process.env, ...SETTINGS, MONGODB_URL: mongoUrl, ...env },
    onLine: (line) => {
      const url = listeningUrl(line)
      if (url !== undefined) listening.resolve(Number(new URL(url).port))
      else said.push(line)
    },
  })
  void child.exited.then((how) => listening.reject(new Error(`${script} ended (${how})\n${said.join('\n')}`)))
  const port = await listening.promise
  const dispose = async () => {
    child.signal('SIGTERM')
    await child.exited
  }
  const kill = () => {
    child.signal('SIGKILL')
    return child.exited
  }
  return { port, pid: child.pid, kill, [Symbol.asyncDispose]: dispose }
}

/** Without its limits on clients and on silent ones. Ends with its standard input, so that it never outlives us. */
const PEERJS = `
  import { PeerServer } from 'peer'
  PeerServer({ port: 0, host: '127.0.0.1', concurrent_limit: 1e6, alive_timeout: 1e9 }, (server) => console.log(server.address().port))
  process.stdin.resume().once('end', () => process.exit())
`

/** The PeerJS server (npm `peer`) in a process of its own: on Node, its home, where there is one, else on Bun. */
export async function startPeerJs(): Promise<Omit<Child, 'kill'> & { runtime: string }> {
  const node = process.env.PEERJS_RUNTIME === 'bun' ? null : Bun.which('node')
  const args = node === null ? ['-e', PEERJS] : ['--input-type=module', '-e', PEERJS]
  const child = spawn(node ?? process.execPath, args, { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = new Promise<never>((_, reject) =>
    child.once('exit', () => reject(new Error('the PeerJS server ended'))),
  )
  const line = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve))
  const port = Number(await Promise.race([line, exited]))
  exited.catch(() => {})
  const dispose = async () => {
    child.stdin.end()
    await exited.catch(() => {})
  }
  return { port, pid: child.pid ?? 0, runtime: node === null ? 'Bun' : 'Node', [Symbol.asyncDispose]: dispose }
}
