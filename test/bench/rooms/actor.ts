import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ROOT } from '../../kit/test-mongo.ts'
import type { Acts, Answered } from './acting.ts'

export type Runtime = 'Bun' | 'Node'

type Given<A> = A extends (given: infer G) => unknown ? G : never
type Result<A> = A extends (given: never) => infer R ? Awaited<R> : never

/** Another process, asked by message: `await actor.ask('hot', { writers: 8, ms: 500 })`. */
export interface Actor<A extends Acts> extends AsyncDisposable {
  pid: number
  runtime: Runtime
  ask<K extends keyof A & string>(act: K, given: Given<A[K]>): Promise<Result<A[K]>>
}

export interface ActorOptions {
  runtime?: Runtime
  env?: Record<string, string>
}

/** Starts a script of this folder that serves acts. On Node, which does not read TypeScript, its bundle runs. */
export async function startActor<A extends Acts>(script: string, options: ActorOptions = {}): Promise<Actor<A>> {
  const node = options.runtime === 'Node' ? Bun.which('node') : null
  const path = join(import.meta.dir, script)
  const [command, args] =
    node === null ? [process.execPath, ['--no-orphans', path]] : [node, ['--enable-source-maps', await bundled(path)]]
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production', ...options.env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'json',
  })
  const asked = new Map<number, PromiseWithResolvers<unknown>>()
  let ended: Error | null = null
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  void exited.then(() => {
    ended = new Error(`${script} ended`)
    for (const { reject } of asked.values()) reject(ended)
  })
  // edge: acting.ts sends nothing else.
  child.on('message', (message) => settle(asked, message as Answered))

  let last = 0
  const ask = <T>(act: string, given: unknown): Promise<T> => {
    if (ended !== null) return Promise.reject(ended)
    const reply = Promise.withResolvers<unknown>()
    asked.set(++last, reply)
    child.send({ id: last, act, given })
    // edge: the script's own acts are the type; what passes between is JSON.
    return reply.promise as Promise<T>
  }
  const dispose = async () => {
    if (child.connected) child.disconnect()
    await exited
  }
  return { pid: child.pid ?? 0, runtime: node === null ? 'Bun' : 'Node', ask, [Symbol.asyncDispose]: dispose }
}

function settle(asked: Map<number, PromiseWithResolvers<unknown>>, { id, result, error }: Answered): void {
  const reply = asked.get(id)
  asked.delete(id)
  if (error === undefined) reply?.resolve(result)
  else reply?.reject(new Error(error))
}

/** In the checkout's own cache folder: Node looks for packages from where the file stands. */
async function bundled(path: string): Promise<string> {
  const outdir = join(ROOT, '.foyer', 'bench')
  await mkdir(outdir, { recursive: true })
  const built = await Bun.build({
    entrypoints: [path],
    outdir,
    target: 'node',
    packages: 'external',
    sourcemap: 'inline',
  })
  if (!built.success) throw new AggregateError(built.logs, `${basename(path)} cannot be bundled`)
  return built.outputs[0]?.path ?? ''
}
