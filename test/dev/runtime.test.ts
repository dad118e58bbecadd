import { afterAll, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exec } from '../../server/dev/exec.ts'
import { installIfStale } from '../../server/dev/runtime.ts'

const root = await mkdtemp(join(tmpdir(), 'foyer-dev-'))
afterAll(() => rm(root, { recursive: true, force: true }))

test('packages are installed when there are none, and again only when package.json or bun.lock changed', async () => {
  await Bun.write(join(root, 'part/package.json'), JSON.stringify({ name: 'part', version: '1.0.0' }))
  await Bun.write(join(root, 'package.json'), JSON.stringify({ name: 'clone', dependencies: { part: 'file:./part' } }))
  expect(await exec([process.execPath, 'install'], { cwd: root, timeoutMs: 20_000 })).toMatchObject({ code: 0 })
  await rm(join(root, 'node_modules'), { recursive: true })

  const said: string[] = []
  const install = () => installIfStale({ root, log: (line) => void said.push(line) })
  expect([install(), install()]).toEqual([true, false])
  expect(existsSync(join(root, 'node_modules/part/package.json'))).toBe(true)
  await appendFile(join(root, 'package.json'), '\n')
  expect([install(), install()]).toEqual([true, false])
  expect(said).toHaveLength(2)
})
