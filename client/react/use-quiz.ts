import { useMemo, useSyncExternalStore } from 'react'
import type { QuizServer } from '../quiz/calls.ts'
import type { FollowQuizOptions } from '../quiz/followed.ts'
import { findQuiz, keyOf, openingOf, takeQuiz, type UsedQuiz } from './shared-quiz.ts'

const NONE: UsedQuiz = { status: 'none', quiz: null, reopen: () => {} }
const nothing = () => () => {}
const none = () => NONE

/**
 * Opens a quiz room when the component mounts, goes where it goes (an evanescent room, and back), and closes it when the last
 * component that uses it is gone: `room` is the current one, which is not the one asked for after a move. `null`: no room. Components
 * of one page share it, with one stream, when they give the same `client`, `room`, `as` and `join`: make the client outside of
 * components. Countdowns are `quiz.remainingMs()`, asked for as often as one is drawn. On a server it is `opening`.
 */
export function useQuiz(client: QuizServer, options: FollowQuizOptions | null): UsedQuiz {
  const key = options === null ? null : keyOf(options)
  // By the key: options that are made anew at each render are the same room.
  const look = useMemo(() => lookOf(client, options), [client, key])
  return useSyncExternalStore(look.subscribe, look.read, look.readIdle)
}

/** What one component sees of the room that it may share with others; nothing is opened before it is subscribed to. */
function lookOf(client: QuizServer, options: FollowQuizOptions | null) {
  if (options === null) return { subscribe: nothing, read: none, readIdle: none }
  const key = keyOf(options)
  const idle = openingOf(options.room)
  return {
    subscribe: (listener: () => void): (() => void) => takeQuiz(client, options, idle).subscribe(listener),
    read: (): UsedQuiz => findQuiz(client, key)?.value ?? idle,
    readIdle: () => idle,
  }
}
