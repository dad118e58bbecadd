import type { AnyTRPCRouter, inferRouterContext } from '@trpc/server'
import { type FetchCreateContextFnOptions, fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { Elysia } from 'elysia'
import { faultOf, retryAfter } from './errors.ts'

export interface MountOptions<R extends AnyTRPCRouter> {
  endpoint?: string
  createContext: (options: FetchCreateContextFnOptions) => inferRouterContext<R> | Promise<inferRouterContext<R>>
  /** Checks or rewrites the request before tRPC reads it; what it throws is answered as the error of every call in it. */
  guard?: (request: Request) => Promise<Request>
  maxBatchSize?: number
  onError?: (error: unknown, path: string | undefined) => void
}

/**
 * Serves a tRPC v11 router on Elysia: the call shape of `@elysiajs/trpc`'s `trpc(router, options)`, on tRPC's own fetch
 * adapter. That package bundles tRPC 10's server and answers 404 for each v11 procedure; test/server/canary.test.ts
 * turns red on the day it no longer does.
 */
export const trpc = <R extends AnyTRPCRouter>(router: R, options: MountOptions<R>) => {
  const { endpoint = '/trpc', guard, createContext, maxBatchSize, onError } = options
  const handle = async (request: Request) => {
    const guarded = await attempt(request, guard)
    return fetchRequestHandler({
      router,
      endpoint,
      req: guarded.request,
      maxBatchSize,
      createContext: (context) => {
        if (guarded.error !== null) throw guarded.error
        return createContext(context)
      },
      onError: ({ error, path }) => onError?.(error, path),
      responseMeta: ({ errors }) => ({
        headers: errors[0] === undefined ? {} : retryAfter(faultOf(errors[0]).details),
      }),
    })
  }
  const route = ({
    request,
    server,
  }: {
    request: Request
    server: { timeout(r: Request, s: number): void } | null
  }) => {
    // A stream may be idle for longer than Bun lets a connection be.
    server?.timeout(request, 0)
    return handle(request)
  }
  // GET and POST by name, since Elysia prefers another plugin's `.get('/*')` to an `.all()`; tRPC reads the body itself.
  return new Elysia({ name: `trpc:${endpoint}` })
    .get(`${endpoint}/*`, route, { parse: 'none' })
    .post(`${endpoint}/*`, route, { parse: 'none' })
    .all(`${endpoint}/*`, route, { parse: 'none' })
}

async function attempt(request: Request, guard: MountOptions<AnyTRPCRouter>['guard']) {
  try {
    return { request: guard === undefined ? request : await guard(request), error: null }
  } catch (error) {
    return { request: new Request(request.url, { method: request.method, headers: request.headers }), error }
  }
}
