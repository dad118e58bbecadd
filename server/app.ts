import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { accountRouter } from './account.router.ts'
import { deckRouter } from './deck.router.ts'
import { friendRouter } from './friend.router.ts'
import { iceRouter } from './ice.router.ts'
import { linkRouter } from './link.router.ts'
import { mailboxRouter } from './mailbox.router.ts'
import { notificationRouter } from './notification.router.ts'
import { quizRouter } from './quiz.router.ts'
import { sessionRouter } from './session.router.ts'
import { roomRouter } from './room.router.ts'
import { router } from './trpc.ts'
import { workerRouter } from './worker.router.ts'

/** The whole service, one router a domain. */
export const appRouter = router({
  account: accountRouter,
  deck: deckRouter,
  friend: friendRouter,
  ice: iceRouter,
  link: linkRouter,
  mailbox: mailboxRouter,
  notification: notificationRouter,
  quiz: quizRouter,
  room: roomRouter,
  session: sessionRouter,
  worker: workerRouter,
})

export type AppRouter = typeof appRouter
export type RouterInputs = inferRouterInputs<AppRouter>
export type RouterOutputs = inferRouterOutputs<AppRouter>
