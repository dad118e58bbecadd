import { describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const CLIENT = join(import.meta.dir, '../../client')

/** What a page that imports these names loads of Foyer and what it stands on, minified. React is the page's own. */
async function bundle(names: string, from: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'foyer-bundle-'))
  try {
    const entry = join(dir, 'page.ts')
    await Bun.write(entry, `export ${names} from ${JSON.stringify(join(CLIENT, from))}`)
    const { outputs } = await Bun.build({
      entrypoints: [entry],
      target: 'browser',
      minify: true,
      external: ['react', '@tanstack/react-query', '@trpc/tanstack-react-query'],
    })
    return (await outputs[0]?.text()) ?? ''
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
const kib = (code: string) => gzipSync(code).length / 1_024

describe('the client', () => {
  test.each([
    ['the typed client alone', '{ connect }', 'index.ts', 24],
    ['signaling', '{ meet, hostSession, joinSession }', 'index.ts', 36],
    ['openRoom', '{ openRoom }', 'index.ts', 48],
    ['connectRooms', '{ connectRooms }', 'index.ts', 32],
    ['openQuiz and followQuiz, beside the typed client', '{ openQuiz, followQuiz }', 'index.ts', 13],
    ['all of it', '*', 'index.ts', 62],
    ['the hooks, with openRoom and openQuiz', '*', 'react.ts', 53],
  ])('is small: %s', async (_, names, from, most) => {
    const size = kib(await bundle(names, from))
    expect(size).toBeGreaterThan(most / 2)
    expect(size).toBeLessThan(most)
  })

  test('is made for browsers, and has no schemas in it', async () => {
    for (const from of ['index.ts', 'react.ts', 'react-query.ts']) {
      const code = await bundle('*', from)
      expect(code).not.toContain('ZodError')
      expect(code).not.toMatch(/\bfrom"node:/)
    }
  })
})
