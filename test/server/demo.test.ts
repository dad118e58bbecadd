import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildDemo, demoResponse } from '../../server/demo.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)
const server = await startServer({ url, demo: true })
const get = (path: string) => fetch(`${server.url}${path}`)
const header = (response: Response, name: string) => response.headers.get(name) ?? ''

/** The paths that the page loads. */
async function assets(): Promise<string[]> {
  const page = await (await get('/')).text()
  return Array.from(page.matchAll(/(?:src|href)="(\/[^"]+)"/g), ([, path = '']) => path)
}

describe('the demo site', () => {
  test('is one page at / and at every path without an extension, never kept by caches', async () => {
    for (const path of ['/', '/meet', '/session', '/v1.2/of/nothing']) {
      const response = await get(path)
      expect(response.status).toBe(200)
      expect(header(response, 'content-type')).toMatch(/^text\/html; ?charset=utf-8$/i)
      expect(header(response, 'cache-control')).toBe('no-cache')
      expect(await response.text()).toContain('<div id="root">')
    }
  })

  test('allows scripts and styles from its own files only, and has none in the page', async () => {
    const response = await get('/')
    const policy = header(response, 'content-security-policy')
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).not.toContain('unsafe')
    const page = await response.text()
    expect(page).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=/)
    expect(page).not.toMatch(/https?:\/\//)
  })

  test('loads files whose names hold a hash, with their types, to be kept for ever', async () => {
    const types = new Map<string, string>()
    for (const path of await assets()) {
      const response = await get(path)
      expect(path).toMatch(/-[a-z0-9]{8}\.(js|css|svg)$/)
      expect(header(response, 'cache-control')).toBe('public, max-age=31536000, immutable')
      expect(header(response, 'x-content-type-options')).toBe('nosniff')
      types.set(path.replace(/^.*\./, ''), header(response, 'content-type').replace(/;.*$/, ''))
    }
    expect(Object.fromEntries(types)).toEqual({ js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' })
  })

  test('has no source maps, and answers 404 for files that it does not have', async () => {
    for (const path of await assets()) {
      expect(await (await get(path)).text()).not.toContain('sourceMappingURL')
      expect((await get(`${path}.map`)).status).toBe(404)
    }
    for (const path of ['/nothing.js', '/meet/old.css', '/client/demo/main.tsx', '/..%2fpackage.json'])
      expect((await get(path)).status).toBe(404)
  })
})

describe('a mistake in the demo site', () => {
  const folder = mkdtemp(join(tmpdir(), 'foyer-demo-'))
  afterAll(async () => rm(await folder, { recursive: true }))
  const broken = async () => {
    const entry = join(await folder, 'index.html')
    await writeFile(entry, '<script type="module" src="./main.ts"></script>')
    await writeFile(join(await folder, 'main.ts'), 'const = 1')
    return entry
  }

  test('is logged with its place, and the service runs without the site', async () => {
    const logged: unknown[] = []
    const log = { error: (fields: unknown) => void logged.push(fields) }
    const files = await buildDemo({ entry: await broken(), log })
    expect(files).toBeNull()
    expect(JSON.stringify(logged)).toContain('main.ts:1:7: ')
    expect(demoResponse(files, '/').status).toBe(404)
  })

  test('is thrown where there is no log', async () => {
    await expect(buildDemo({ entry: await broken() })).rejects.toThrow('main.ts:1:7: ')
  })
})
