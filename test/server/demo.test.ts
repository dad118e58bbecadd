import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)
const server = await startServer({ url, demo: true })
const directives = (csp: string | null) =>
  Object.fromEntries((csp ?? '').split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]))

describe('the demo site', () => {
  test('is one page at every address without an extension', async () => {
    const pages = await Promise.all(['/', '/mailbox', '/a/b'].map((path) => fetch(server.url + path)))
    const texts = await Promise.all(pages.map((page) => page.text()))
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new Set(texts).size).toBe(1)
    expect(pages[0]?.headers.get('content-type')).toStartWith('text/html')
    expect(texts[0]).toMatch(/<!doctype html>/i)
  })

  test('runs its own scripts only, talks to its own server only, and cannot be framed', async () => {
    const csp = directives((await fetch(server.url)).headers.get('content-security-policy'))
    expect(csp).toMatchObject({ 'default-src': "'none'", 'script-src': "'self'", 'frame-ancestors': "'none'" })
    expect(csp['connect-src']).toStartWith("'self'")
    expect(JSON.stringify(csp)).not.toMatch(/unsafe|https?:|\*/)
  })

  test('has in its page nothing that its policy would stop: no inline script, style or handler', async () => {
    const page = await (await fetch(server.url)).text()
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=|javascript:/i)
  })

  test('gets each file that its page names, from this server', async () => {
    const page = await (await fetch(server.url)).text()
    const files = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)]
      .map(([, path]) => path ?? '')
      .filter((path) => !path.startsWith('data:'))
    for (const file of files.filter((path) => /\.(js|css)$/.test(path))) {
      const response = await fetch(new URL(file, server.url))
      expect(response.status).toBe(200)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('content-type')).toMatch(/javascript|css/)
    }
  })

  test('does not hide that an address is nothing: a missing file is not-found, as is the service`s own namespace', async () => {
    for (const path of ['/missing.js', '/trpc/no.such', '/../package.json', '/server/env.ts'])
      expect((await fetch(server.url + path)).status).toBe(404)
  })
})

test('a production server without DEMO=on has no demo site', async () => {
  await using bare = await startServer({ url, env: { MODE: 'production' } })
  expect((await fetch(bare.url)).status).toBe(404)
})
