import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Log } from './exec.ts'
import { freePort, freePorts } from './ports.ts'

const Layout = z.object({ ports: z.array(z.int()), version: z.string() })

/** What a kept replica set must find again: its members' ports stand in its own configuration. */
export type Layout = z.infer<typeof Layout>

const WAIT_MS = 15_000
const layoutFile = (dir: string) => join(dir, 'foyer.json')

/** The data folder of one member. */
export const memberDir = (dir: string, member: number): string => join(dir, `member-${member}`)

/** What the last run left in `dir`, or nothing on the first run. */
export const readLayout = async (dir: string): Promise<Layout | undefined> =>
  existsSync(layoutFile(dir)) ? Layout.parse(JSON.parse(await readFile(layoutFile(dir), 'utf8'))) : undefined

/** Remembers the layout and makes the members' folders. */
export const writeLayout = async (dir: string, layout: Layout): Promise<void> => {
  for (const member of layout.ports.keys()) await mkdir(memberDir(dir, member), { recursive: true })
  await writeFile(`${layoutFile(dir)}.part`, JSON.stringify(layout))
  await rename(`${layoutFile(dir)}.part`, layoutFile(dir))
}

/** The remembered ports while they are all free, else new ones. */
export const choosePorts = async (
  count: number,
  wanted: { kept: readonly number[]; from: number },
): Promise<number[]> => {
  const free = await Promise.all(wanted.kept.map((port) => freePort(port)))
  if (wanted.kept.length === count && free.every((port) => port !== undefined)) return [...wanted.kept]
  return freePorts(count, wanted.from)
}

/**
 * Waits until no mongod holds the folder: after kill -9 of the supervisor its mongod lives for two seconds more. Rejects
 * when one still runs after 15 s, which is another start in the same folder.
 */
export const waitUntilFree = async (dir: string, log: Log): Promise<void> => {
  const deadline = performance.now() + WAIT_MS
  for (let told = false; ; told = true) {
    const pid = await holderOf(dir)
    if (pid === undefined) return
    if (performance.now() > deadline)
      throw new Error(`${dir} is in use by mongod (process ${pid}): stop that one first`)
    if (!told) log(`waiting for the mongod of an earlier run to stop (process ${pid})`)
    await pause(100)
  }
}

/** mongod writes its process id into its lock and empties the file when it stops cleanly; a stale id belongs to nobody. */
const holderOf = async (dir: string): Promise<number | undefined> => {
  const lock = await readFile(join(dir, 'mongod.lock'), 'utf8').catch(() => '')
  const pid = Number(lock.trim())
  if (!pid || !isAlive(pid)) return undefined
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => dir)
  return command.includes(dir) ? pid : undefined
}

/** Whether a process with this id runs. One that only waits for its parent to notice its end (a zombie) does not. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
