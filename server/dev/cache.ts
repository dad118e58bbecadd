import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The cached mongod, by default that of the highest version. Layout: `<cacheDir>/mongod/<version>/mongod`. */
export const cachedMongod = async (cacheDir: string, version?: string): Promise<string | undefined> => {
  const versions = await readdir(join(cacheDir, 'mongod')).catch(() => [])
  return versions
    .filter((found) => version === undefined || found === version)
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((version) => join(cacheDir, 'mongod', version, 'mongod'))
    .find((path) => existsSync(path))
}

/**
 * Puts a mongod into the cache and returns its path. Two processes may do so at once: the file is written beside its
 * place and renamed, so that a reader sees a whole binary or none.
 */
export const cacheMongod = async (cacheDir: string, version: string, binary: Uint8Array): Promise<string> => {
  const dir = join(cacheDir, 'mongod', version)
  const path = join(dir, 'mongod')
  const whole = join(dir, `mongod.${process.pid}.part`)
  await mkdir(dir, { recursive: true })
  await writeFile(whole, binary)
  await chmod(whole, 0o755)
  await rename(whole, path)
  return path
}

/** Runs `use` with a new folder under `cacheDir` that is gone afterwards. */
export const withTempDir = async <T>(cacheDir: string, use: (dir: string) => Promise<T>): Promise<T> => {
  await mkdir(cacheDir, { recursive: true })
  const dir = await mkdtemp(join(cacheDir, 'download-'))
  try {
    return await use(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
