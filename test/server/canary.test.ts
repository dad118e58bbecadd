import { trpc as elysiajsTrpc } from '@elysiajs/trpc'
import { describe, expect, test } from 'bun:test'
import { createTRPCClient, httpLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { Elysia } from 'elysia'
import { trpc } from '../../server/mount.ts'

const t = initTRPC.create()
const hello = t.router({ hello: t.procedure.query(() => 'world') })

/** Calls `hello` through whatever plugin mounts the router, without a port. */
const callThrough = (app: { handle(request: Request): Response | Promise<Response> }) => {
  const handle = async (input: string | URL | Request, init?: RequestInit) => app.handle(new Request(input, init))
  // edge: tRPC's fetch type names overloads that a test's handler does not have.
  const link = httpLink({ url: 'http://localhost/trpc', fetch: handle as typeof fetch })
  return createTRPCClient<typeof hello>({ links: [link] }).hello.query()
}

describe('@elysiajs/trpc', () => {
  // The day this passes, bun reports it as a failure: then server/http.ts can import the package instead of mount.ts.
  test.failing('serves a tRPC v11 router', async () => {
    // edge: the package is typed for tRPC 10's routers.
    const plugin = elysiajsTrpc(hello as unknown as Parameters<typeof elysiajsTrpc>[0])
    // edge: an Elysia plugin of the package's own Elysia types.
    const app = new Elysia().use(plugin as unknown as Elysia)
    expect(await callThrough(app)).toBe('world')
  })

  test('its call shape, `app.use(trpc(router, { endpoint, createContext }))`, works with server/mount.ts', async () => {
    const app = new Elysia().use(trpc(hello, { endpoint: '/trpc', createContext: () => ({}) }))
    expect(await callThrough(app)).toBe('world')
  })
})
