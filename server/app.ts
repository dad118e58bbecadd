import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { accountRouter } from './account.router.ts'
import { iceRouter } from './ice.router.ts'
import { mailboxRouter } from './mailbox.router.ts'
import { sessionRouter } from './session.router.ts'
import { roomRouter } from './room.router.ts'
import { router } from './trpc.ts'

/** The whole service, one router a domain. */
export const appRouter = router({
  account: accountRouter,
  ice: iceRouter,
  mailbox: mailboxRouter,
  room: roomRouter,
  session: sessionRouter,
})

export type AppRouter = typeof appRouter
export type RouterInputs = inferRouterInputs<AppRouter>
export type RouterOutputs = inferRouterOutputs<AppRouter>
