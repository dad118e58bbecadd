import type { QuizServer } from '../quiz/calls.ts'
import { type FollowedQuiz, followQuiz, type FollowQuizOptions, type QuizStatus } from '../quiz/followed.ts'
import { type Listened, listened } from './listened.ts'

/** What `useQuiz` gives: `none`, where no room was asked for. The same object until something of it changes. */
export type UsedQuiz = { status: 'none'; quiz: null; reopen: () => void } | (QuizStatus & { reopen: () => void })

const shared = new WeakMap<QuizServer, Map<string, Listened<UsedQuiz>>>()

/** What says which room it is, and for whom. `from` is how somebody came there. */
export const keyOf = ({ room, as = '', join = true }: FollowQuizOptions): string => JSON.stringify([room, as, join])

/** What is shown while nobody has opened it. */
export const openingOf = (room: string): UsedQuiz => ({ status: 'opening', room, quiz: null, reopen: () => {} })

/** The one open room of these options, if there is one. */
export const findQuiz = (client: QuizServer, key: string) => shared.get(client)?.get(key)

/** The same, made if there is none; who takes it subscribes at once. */
export function takeQuiz(client: QuizServer, options: FollowQuizOptions, idle: UsedQuiz): Listened<UsedQuiz> {
  const key = keyOf(options)
  const known = findQuiz(client, key)
  if (known !== undefined) return known
  const rooms = shared.get(client) ?? new Map<string, Listened<UsedQuiz>>()
  shared.set(client, rooms)
  const run = () => {
    const followed: FollowedQuiz = followQuiz(client, options)
    const { reopen } = followed
    const forget = followed.subscribe(() => made.show({ ...followed.status, reopen }))
    return () => {
      forget()
      followed.close()
    }
  }
  const made = listened<UsedQuiz>({ idle, run, onIdle: () => void rooms.delete(key) })
  rooms.set(key, made)
  return made
}
