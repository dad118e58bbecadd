import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningMongo } from '../../server/dev/mongo.ts'
import { startMongod } from '../../server/dev/mongod-process.ts'
import { choosePorts } from '../../server/dev/mongo-data.ts'
import { initiate } from '../../server/dev/replica-set.ts'
import { testMongod } from './test-mongo.ts'

/** Where Debian's package libfaketime puts it; LIBFAKETIME names another place. */
const PLACES = 'usr/lib/*/faketime/libfaketimeMT.so.1'
const NAME = 'foyer'

/** The library that gives a process a wrong clock; undefined: this machine has none. */
export async function findFaketime(): Promise<string | undefined> {
  const { LIBFAKETIME } = process.env
  if (LIBFAKETIME !== undefined) return LIBFAKETIME
  const found = await Array.fromAsync(new Bun.Glob(PLACES).scan({ cwd: '/', onlyFiles: false }))
  return found[0] === undefined ? undefined : join('/', found[0])
}

/** A replica set whose members' clocks of the day are off by so many seconds each. */
export async function startSkewedMongo(library: string, offsets: readonly number[]): Promise<RunningMongo> {
  const { path, version } = await testMongod()
  const dir = await mkdtemp(join(tmpdir(), 'foyer-skewed-'))
  const ports = await choosePorts(offsets.length, { kept: [], from: 0 })
  const start = async (port: number, i: number) => {
    const seconds = offsets[i] ?? 0
    const script = join(dir, `mongod-${i}`)
    // Only the clock of the day: what waits must not wait for ever.
    const env = `LD_PRELOAD='${library}' DONT_FAKE_MONOTONIC=1 FAKETIME_FORCE_MONOTONIC_FIX=0 FAKETIME='${seconds < 0 ? '' : '+'}${seconds}'`
    await writeFile(script, `#!/bin/sh\nexec env ${env} '${path}' "$@"\n`)
    await chmod(script, 0o755)
    const dbPath = join(dir, `data-${i}`)
    await Bun.$`mkdir ${dbPath}`.quiet()
    return startMongod({ path: script, version }, { port, dbPath, replSet: NAME })
  }
  const members = await Promise.all(ports.map(start))
  await initiate(NAME, ports)
  return {
    url: `mongodb://${ports.map((port) => `127.0.0.1:${port}`).join()}/${NAME}?replicaSet=${NAME}`,
    pids: members.map(({ pid }) => pid),
    stop: async () => {
      await Promise.all(members.map((member) => member.kill()))
      await rm(dir, { recursive: true, force: true })
    },
  }
}
