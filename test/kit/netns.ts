import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { listeningUrl } from '../../server/dev/logs.ts'
import type { Spawned } from './processes.ts'
import { ROOT } from './test-mongo.ts'
import { until } from './until.ts'

/** Runs what follows with a network, mounts and processes of its own, all of which end with it. */
export const ALONE = ['unshare', '-rnmpf', '--mount-proc', '--kill-child'] as const
/** Shows whether this machine lets a test do what `openNet` does. */
export const PROBE = [
  ...ALONE,
  'sh',
  '-c',
  'mount -t tmpfs none /run && mkdir /run/netns && ip link add br0 type bridge && ip netns add a && nsenter --net=/run/netns/a true',
] as const

/** The replica set's name. */
const SET = 'foyer'
/** The caller's address. */
const HERE = '10.9.0.254'

/** A place in the network, by its number: an address of its own. */
export interface Place {
  name: string
  address: string
}

const sh = (command: string) => Bun.$`sh -c ${command}`.quiet()

/** Places that are joined by a bridge, with the caller at another one. Only inside of `ALONE`. */
export async function openNet(count: number): Promise<Place[]> {
  const bridge = `ip link add br0 type bridge && ip addr add ${HERE}/24 dev br0 && ip link set br0 up && ip link set lo up`
  await sh(`mount -t tmpfs none /run && mkdir /run/netns && ${bridge}`)
  const places = Array.from({ length: count }, (_, i) => ({ name: `p${i}`, address: `10.9.0.${i + 1}` }))
  for (const { name, address } of places) {
    await sh(`ip netns add ${name} && ip link add v${name} type veth peer name eth netns ${name}`)
    await sh(`ip link set v${name} master br0 && ip link set v${name} up`)
    await sh(
      `ip -n ${name} addr add ${address}/24 dev eth && ip -n ${name} link set eth up && ip -n ${name} link set lo up`,
    )
  }
  return places
}

/** What is between two places vanishes (`add`), or passes again (`del`). null: the caller's place. */
export async function blackhole(change: 'add' | 'del', one: Place, other: Place | null): Promise<void> {
  const there = other === null ? '' : `-n ${other.name}`
  await sh(`ip -n ${one.name} route ${change} blackhole ${other?.address ?? HERE}`)
  await sh(`ip ${there} route ${change} blackhole ${one.address}`)
}

/** Starts a program at a place; `onLine` is told what it says. */
export function startAt({ name }: Place, cmd: readonly string[], onLine: (line: string) => void, env = {}) {
  const child = Bun.spawn({
    cmd: ['nsenter', `--net=/run/netns/${name}`, ...cmd],
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  void (async () => {
    let rest = ''
    for await (const bytes of child.stdout) {
      const lines = (rest + new TextDecoder().decode(bytes)).split('\n')
      rest = lines.pop() ?? ''
      lines.forEach(onLine)
    }
  })()
  return child
}

/** `server/main.ts` or `worker/main.ts` at a place. */
export async function spawnAt(place: Place, script: string, env: Record<string, string>): Promise<Spawned> {
  const logs: string[] = []
  const own = { HOST: place.address, PORT: '0', WORKER_PORT: '0', MODE: 'development', LOG_LEVEL: 'info', ...env }
  const child = startAt(place, [process.execPath, script], (line) => logs.push(line), own)
  const said = await until(() => logs.map(listeningUrl).find((url) => url !== undefined), {
    what: `${script} listens`,
    deadlineMs: 40_000,
  })
  const exited = child.exited.then((code) => String(child.signalCode ?? `exit code ${code}`))
  const kill = (signal: NodeJS.Signals) => (child.kill(signal), exited)
  const stop = () => kill('SIGTERM')
  const url = `http://${place.address}:${new URL(said).port}`
  return { url, pid: child.pid, logs, exited, kill, stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}

/** A mongod at a place, on the usual port. Its data, and its log beside them, are in `dir`. */
export async function startMongodAt(place: Place, { binary, dir }: { binary: string; dir: string }): Promise<void> {
  const dbPath = join(dir, place.name)
  await mkdir(dbPath)
  const files = ['--dbpath', dbPath, '--logpath', `${dbPath}.log`]
  startAt(place, [binary, '--replSet', SET, '--bind_ip', place.address, ...files], () => {})
}
