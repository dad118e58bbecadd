import { join } from 'node:path'
import type { Env } from './lines.ts'
import { painter, prettyLine } from './logs.ts'
import { findMongod } from './mongod.ts'
import { startMongo } from './mongo.ts'
import type { RunningMongo } from './mongo.ts'
import { freePort } from './ports.ts'
import { supervise } from './supervisor.ts'
import type { Service } from './supervisor.ts'

const MONGO_PORT = 27_117
const NAME_WIDTH = 9
/** One Ctrl-C arrives more than once: from the terminal, from `bun run`, from npx. */
const SAME_SIGNAL_MS = 1_000
const NAME_COLOURS: Record<string, number> = { foyer: 35, server: 36, worker: 32 }

const colours = painter(process.stdout.isTTY && !process.env.NO_COLOR)

const print = (name: string, text: string): void => {
  const prefix = colours(`[${name}] `.padEnd(NAME_WIDTH), NAME_COLOURS[name])
  for (const line of text.split('\n')) process.stdout.write(`${prefix}${line}\n`)
}

const say = (text: string) => print('foyer', text)

/**
 * MongoDB, server and worker, until a signal. Ctrl-C (or SIGTERM) stops them in order and exits with 0, a second one
 * kills them. Exits with 1 and one plain line when something cannot start.
 */
export const start = async (root: string, env: Env): Promise<void> => {
  const running: Running = { services: [] }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void onSignal(running))
  try {
    await bringUp(running, { root, env })
  } catch (error) {
    if (running.stopping !== undefined) return
    say(error instanceof Error ? error.message : String(error))
    await stopAll(running)
    process.exit(1)
  }
}

type Running = { services: Service[]; mongo?: Promise<RunningMongo>; stopping?: number }

const bringUp = async (running: Running, { root, env }: { root: string; env: Env }): Promise<void> => {
  const ports = { PORT: env.PORT ?? '3000', WORKER_PORT: env.WORKER_PORT ?? '3001' }
  for (const [name, port] of Object.entries(ports)) await refuseTaken(name, port)
  const mongoUrl = env.MONGODB_URL ?? (await ownMongo(running, { root, env }))
  const childEnv = { ...env, ...ports, MODE: env.MODE ?? 'development', MONGODB_URL: mongoUrl }
  if (running.stopping !== undefined) return
  const run = (name: string) => {
    const onLine = (line: string) => print(name, prettyLine(line, colours))
    const told = (line: string) => print(name, line)
    const service = supervise({ name, args: [`${name}/main.ts`], cwd: root, env: childEnv, onLine, say: told })
    running.services.push(service)
    return service.ready
  }
  const [site, health] = await Promise.all([run('server'), run('worker')])
  say(addresses({ site, health, mongoUrl }))
}

const refuseTaken = async (name: string, port: string): Promise<void> => {
  const number = Number(port)
  const free = Number.isInteger(number) && (await freePort(number, '0.0.0.0'))
  if (free === undefined)
    throw new Error(`port ${port} is taken: set ${name} to another one (${name}=${number + 10} bun start)`)
  if (free === false) throw new Error(`${name} is not a port number: ${port}`)
}

const ownMongo = async (running: Running, { root, env }: { root: string; env: Env }): Promise<string> => {
  const cacheDir = join(root, '.foyer')
  const binary = await findMongod({ cacheDir, log: say, env })
  say(`starting MongoDB ${binary.version}, data in .foyer/data`)
  running.mongo = startMongo({ binary, log: say, dir: join(cacheDir, 'data'), port: MONGO_PORT })
  return (await running.mongo).url
}

const addresses = ({ site, health, mongoUrl }: { site: string; health: string; mongoUrl: string }): string => {
  const local = (url: string, path: string) => `http://localhost:${new URL(url).port}${path}`
  return [
    'Foyer runs. Ctrl-C stops it.',
    `  demo site and API  ${local(site, '/')}`,
    `  worker health      ${local(health, '/health')}`,
    `  MongoDB            ${withoutPassword(mongoUrl)}`,
  ].join('\n')
}

const withoutPassword = (url: string): string => url.replace(/\/\/([^:@/]*):[^@/]*@/, '//$1:***@')

const onSignal = async (running: Running): Promise<void> => {
  if (running.stopping !== undefined) {
    if (performance.now() - running.stopping < SAME_SIGNAL_MS) return
    say('killed')
    for (const service of running.services) service.kill()
    // With --no-orphans, exiting takes mongod along.
    process.exit(130)
  }
  running.stopping = performance.now()
  say('stopping')
  await stopAll(running)
  process.exit(0)
}

const stopAll = async ({ services, mongo }: Running): Promise<void> => {
  await Promise.all(services.map((service) => service.stop()))
  const set = await mongo?.catch(() => undefined)
  await set?.stop()
}
