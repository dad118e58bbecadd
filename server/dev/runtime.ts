// Imports nothing from a package: this runs on a fresh clone, before anything is installed.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Where the packages belong, and where the progress goes. */
export type Install = { root: string; log: (line: string) => void }

const STAMP = 'node_modules/.foyer-installed'
const PINNED = 'node_modules/bun/bin/bun.exe'

/**
 * Brings this process to the state that everything else needs: all packages of the lockfile installed, the pinned Bun,
 * and `--no-orphans` (whatever kills us takes our children along). Where something of that is missing, it is mended and
 * the process starts itself again in place, with the same process id: Bun's resolver remembers a missing node_modules.
 * Exits with 1 when the install fails.
 */
export const ensureRuntime = async ({ root, log }: Install): Promise<void> => {
  if (installIfStale({ root, log }) || !process.execArgv.includes('--no-orphans')) await restart(root)
}

/** Whether packages had to be installed: node_modules is not what package.json and bun.lock say. */
export const installIfStale = ({ root, log }: Install): boolean => {
  const wanted = fingerprint(root)
  const stamp = join(root, STAMP)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false
  log('installing packages (bun install --frozen-lockfile)')
  const ran = spawnSync(process.execPath, [...installer(root), '--frozen-lockfile'], { cwd: root, stdio: 'pipe' })
  if (ran.status !== 0) {
    log(`bun install failed:\n${ran.stdout}${ran.stderr}`)
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
  return true
}

const fingerprint = (root: string): string => {
  const hash = createHash('sha256')
  for (const file of ['package.json', 'bun.lock']) hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** Another Bun than the pinned one may not know the lockfile's format: it fetches the pinned one for that. */
const installer = (root: string): string[] => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const pinned: unknown = { ...dependencies, ...devDependencies }.bun
  return typeof pinned === 'string' && pinned !== Bun.version ? ['x', `bun@${pinned}`, 'install'] : ['install']
}

const restart = async (root: string): Promise<never> => {
  const args = ['--no-orphans', ...process.argv.slice(1)]
  const bun = pinnedBun(root)
  if (process.execve) process.execve(bun, [bun, ...args], definedEnv())
  // An older Bun has no execve: it stays as a thin parent.
  const child = Bun.spawn([bun, ...args], { stdio: ['inherit', 'inherit', 'inherit'] })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  process.exit(await child.exited)
}

/** The Bun of package.json, where it runs (its install script may have been skipped); else the one that we are. */
const pinnedBun = (root: string): string => {
  const path = join(root, PINNED)
  return existsSync(path) && spawnSync(path, ['--version']).status === 0 ? path : process.execPath
}

const definedEnv = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
