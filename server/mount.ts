import type { AnyTRPCRouter, inferRouterContext } from '@trpc/server'
import { type FetchCreateContextFnOptions, fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { Elysia } from 'elysia'
import { faultOf, retryAfter } from './errors.ts'
import type { RuleDetails } from '../shared/rules.ts'

export interface MountOptions<R extends AnyTRPCRouter> {
  endpoint?: string
  createContext: (options: FetchCreateContextFnOptions) => inferRouterContext<R> | Promise<inferRouterContext<R>>
  /** Checks or rewrites the request before tRPC reads it; what it throws is answered as the error of every call in it. */
  guard?: (request: Request) => Promise<Request>
  maxBatchSize?: number
  onError?: (error: unknown, path: string | undefined) => void
}

interface Call {
  request: Request
  server: { timeout(request: Request, seconds: number): void } | null
}

/**
 * Serves a tRPC v11 router on Elysia: the call shape of `@elysiajs/trpc`'s `trpc(router, options)`, on tRPC's own fetch
 * adapter. That package bundles tRPC 10's server and answers 404 for each v11 procedure; test/server/canary.test.ts
 * turns red on the day it no longer does.
 */
export const trpc = <R extends AnyTRPCRouter>(router: R, options: MountOptions<R>) => {
  const { endpoint = '/trpc', guard, createContext, maxBatchSize, onError } = options
  const handle = async ({ request, server }: Call) => {
    const guarded = await attempt(request, guard)
    // A stream may be idle for longer than Bun lets a connection be; a request that is still being sent may not.
    server?.timeout(request, 0)
    const response = await fetchRequestHandler({
      router,
      endpoint,
      req: guarded.request,
      maxBatchSize,
      createContext: (context) => {
        if (guarded.error !== null) throw guarded.error
        // The one that the server knows: its address cannot be had from a rewritten one.
        return createContext({ ...context, req: request })
      },
      onError: ({ error, path }) => onError?.(error, path),
      responseMeta: ({ errors }) => ({ headers: retryAfter(longestWait(errors)) }),
    })
    // tRPC leaves it out where it could not tell the calls apart; Bun would say octet-stream.
    if (response.body !== null && !response.headers.has('content-type'))
      response.headers.set('content-type', 'application/json')
    // tRPC's own Vary stands in the way of the one that CORS sets.
    response.headers.append('vary', 'origin')
    return response
  }
  // GET and POST by name, since Elysia prefers another plugin's `.get('/*')` to an `.all()`; tRPC reads the body itself.
  return new Elysia({ name: `trpc:${endpoint}` })
    .get(`${endpoint}/*`, handle, { parse: 'none' })
    .post(`${endpoint}/*`, handle, { parse: 'none' })
    .all(`${endpoint}/*`, handle, { parse: 'none' })
}

/** Of a batch whose calls may come back at different times, the last. */
function longestWait(errors: readonly unknown[]): RuleDetails {
  const waits = errors.flatMap((error) => faultOf(error).details.retryAfterMs ?? [])
  return waits.length === 0 ? {} : { retryAfterMs: Math.max(...waits) }
}

async function attempt(request: Request, guard: MountOptions<AnyTRPCRouter>['guard']) {
  try {
    return { request: guard === undefined ? request : await guard(request), error: null }
  } catch (error) {
    return { request: new Request(request.url, { method: request.method, headers: request.headers }), error }
  }
}
