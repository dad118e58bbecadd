import { afterAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exec } from '../../server/dev/exec.ts'
import { download } from '../../server/dev/mongodb-download.ts'

const dir = await mkdtemp(join(tmpdir(), 'foyer-dev-'))
await Bun.write(join(dir, 'mongodb/bin/mongod'), '#!/bin/sh\necho "db version v1.2.3"\n')
await chmod(join(dir, 'mongodb/bin/mongod'), 0o755)
await exec(['tar', 'czf', 'archive.tgz', 'mongodb'], { cwd: dir, timeoutMs: 10_000 })
const archive = await readFile(join(dir, 'archive.tgz'))
const md5 = createHash('md5').update(archive).digest('hex')

/** What the download host answers: the archive, and the md5 beside it; nothing in between where it has no such build. */
let host: { md5: string } | 'no such build'
const mirror = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: ({ url }) => {
    if (host === 'no such build') return new Response('', { status: 403 })
    return new Response(new URL(url).pathname.endsWith('.md5') ? host.md5 : archive)
  },
})

const settings = {
  MONGOMS_DOWNLOAD_MIRROR: `http://127.0.0.1:${mirror.port}`,
  MONGOMS_USE_HTTP: 'true',
  MONGOMS_VERSION: '7.0.99',
}
const before = Object.keys(settings).map((name) => [name, process.env[name]] as const)
Object.assign(process.env, settings)
afterAll(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  await mirror.stop(true)
  await rm(dir, { recursive: true, force: true })
})

const find = (cacheDir: string) => download({ cacheDir: join(dir, cacheDir), log: () => undefined, env: {} })

describe('MongoDB`s own download', () => {
  test('says at once that there is no build for this platform', async () => {
    host = 'no such build'
    await expect(find('none')).rejects.toThrow(/^127\.0\.0\.1:\d+ has no build for this platform \(status 403\)$/)
  })

  test('refuses an archive that does not have its md5, and caches nothing', async () => {
    host = { md5: `${'0'.repeat(32)}  archive.tgz` }
    await expect(find('wrong')).rejects.toThrow(md5)
    expect(await readdir(join(dir, 'wrong'))).toEqual([])
  })

  test('puts its mongod into the cache', async () => {
    host = { md5: `${md5}  archive.tgz` }
    const path = await find('right')
    expect(path).toMatch(/\/right\/mongod\/\d+\.\d+\.\d+\/mongod$/)
    expect((await exec([path ?? '', '--version'], { timeoutMs: 5_000 })).output).toContain('db version v1.2.3')
    expect(await readdir(join(dir, 'right'))).toEqual(['mongod'])
  })

  test('says at once that the host is out of reach', async () => {
    process.env.MONGOMS_DOWNLOAD_MIRROR = 'http://foyer.invalid'
    await expect(find('away')).rejects.toThrow('foyer.invalid is out of reach')
  })
})
