import { expect, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import { join } from 'node:path'

const ROOT = join(import.meta.dir, '../..')

test('the client is small, made for browsers, and has no schemas in it', async () => {
  const { outputs, success } = await Bun.build({
    entrypoints: [join(ROOT, 'client/index.ts')],
    target: 'browser',
    minify: true,
  })
  expect(success).toBe(true)
  const code = (await outputs[0]?.text()) ?? ''
  expect(code).not.toContain('ZodError')
  expect(code).not.toMatch(/\bfrom"node:/)
  expect(gzipSync(code).length).toBeLessThan(40 * 1_024)
})
