import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from './exec.ts'
import { choosePorts, isAlive, memberDir, readLayout, waitUntilFree, writeLayout } from './mongo-data.ts'
import { startMongod } from './mongod-process.ts'
import type { MongodProcess, Parameters } from './mongod-process.ts'
import type { Mongod } from './mongod.ts'
import { initiate, rehost } from './replica-set.ts'

/**
 * A replica set to start. With `dir` its data outlives the run; without, it is temporary. `port`: the first member's
 * wanted port on the first run (0: any); later runs keep what the first one got, as long as it is free.
 */
export type MongoOptions = {
  binary: Mongod
  log: Log
  dir?: string
  port?: number
  members?: number
  parameters?: Parameters
}

/** A running replica set. `pids` are the members' processes, in the order of the hosts in `url`. */
export type RunningMongo = { url: string; pids: number[]; stop: () => Promise<void> }

/** The set's name and the default database in its URL. */
const NAME = 'foyer'
const TEMPORARY = 'foyer-mongo-'

/** Starts a MongoDB replica set (one member unless told otherwise) and resolves once it has a primary. */
export const startMongo = async (options: MongoOptions): Promise<RunningMongo> => {
  if (options.dir !== undefined) return running(await startIn(options.dir, options), (member) => member.stop())
  await sweepTemporary()
  const dir = await mkdtemp(join(tmpdir(), `${TEMPORARY}${process.pid}-`))
  const remove = () => rm(dir, { recursive: true, force: true })
  const set = await startIn(dir, options).catch(async (error: unknown) => {
    await remove()
    throw error
  })
  // Nobody reads this data again: a clean shutdown would only take longer.
  const temporary = running(set, (member) => member.kill())
  return { ...temporary, stop: () => temporary.stop().then(remove) }
}

type ReplicaSet = { ports: readonly number[]; members: readonly MongodProcess[] }

const running = ({ ports, members }: ReplicaSet, end: (member: MongodProcess) => Promise<void>): RunningMongo => ({
  url: `mongodb://${ports.map((port) => `127.0.0.1:${port}`).join()}/${NAME}?replicaSet=${NAME}`,
  pids: members.map((member) => member.pid),
  stop: async () => {
    await Promise.all(members.map(end))
  },
})

const startIn = async (
  dir: string,
  { binary, log, members = 1, port = 0, parameters = {} }: MongoOptions,
): Promise<ReplicaSet> => {
  const kept = await readLayout(dir)
  if (kept && Number.parseInt(kept.version) !== Number.parseInt(binary.version)) {
    throw new Error(
      `${dir} holds data of MongoDB ${kept.version}, mongod is ${binary.version}: use that one or remove it`,
    )
  }
  const count = kept?.ports.length ?? members
  for (let member = 0; member < count; member++) await waitUntilFree(memberDir(dir, member), log)
  const ports = await choosePorts(count, { kept: kept?.ports ?? [], from: port })
  await writeLayout(dir, { ports, version: binary.version })
  if (kept && kept.ports.join() !== ports.join()) {
    log(`port ${kept.ports.join()} is taken: MongoDB moves to port ${ports.join()}`)
    await moveTo(ports, { binary, dir })
  }
  return launch(ports, { binary, dir, parameters })
}

type Place = { binary: Mongod; dir: string }

const moveTo = async (ports: readonly number[], { binary, dir }: Place): Promise<void> => {
  for (const [member, port] of ports.entries()) {
    const alone = await startMongod(binary, { port, dbPath: memberDir(dir, member) })
    await rehost(port, ports).finally(() => alone.stop())
  }
}

const launch = async (
  ports: readonly number[],
  { binary, dir, parameters }: Place & { parameters: Parameters },
): Promise<ReplicaSet> => {
  const starts = ports.map((port, member) =>
    startMongod(binary, { port, dbPath: memberDir(dir, member), replSet: NAME, parameters }),
  )
  const settled = await Promise.allSettled(starts)
  const members = settled.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  try {
    await Promise.all(starts)
    await initiate(NAME, ports)
    return { ports, members }
  } catch (error) {
    await Promise.all(members.map((member) => member.kill()))
    throw error
  }
}

/** A run that was killed leaves its folder; its process id in the name tells that nobody needs it. */
const sweepTemporary = async (): Promise<void> => {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${TEMPORARY}(\\d+)-`).exec(name)?.[1])
    if (pid && !isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true })
  }
}
