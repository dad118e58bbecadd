import { afterEach } from 'bun:test'
import { followQuiz, type FollowQuizOptions } from '../../client/quiz/followed.ts'
import type { OpenQuizOptions } from '../../client/quiz/open.ts'
import type { QuizEnd, QuizMove } from '../../client/quiz/types.ts'
import { until } from '../kit/until.ts'
import type { MemoryQuiz } from '../quiz/memory.ts'
import { FakeQuizLink } from './fake-quiz-link.ts'
import { FakeQuizzes } from './fake-quiz.ts'

const open = new Set<{ close(): void }>()
afterEach(() => {
  for (const one of open) one.close()
  open.clear()
})
/** What is left open is closed after the test. */
export function closing<T extends { close(): void }>(one: T): T {
  open.add(one)
  return one
}

/** A quiz room that is open on a fake server, what it tells, and the way to the server. */
export async function openedQuiz(from: MemoryQuiz | FakeQuizzes, user = 'ann', more: Partial<OpenQuizOptions> = {}) {
  const quizzes = from instanceof FakeQuizzes ? from : new FakeQuizzes(from)
  const link = new FakeQuizLink(quizzes, user)
  return { quizzes, link, ...(await openedBy(link, more)) }
}

/** The same, over a link that there is; the stream is open. */
export async function openedBy(link: FakeQuizLink, { room, ...more }: Partial<OpenQuizOptions> = {}) {
  const quiz = closing(await link.open({ ...more, room: room ?? [...link.quizzes.rooms.keys()][0] ?? '' }))
  const moves: QuizMove[] = []
  const ends: QuizEnd[] = []
  quiz.on('move', (move) => void moves.push(move))
  quiz.on('ended', (end) => void ends.push(end))
  await until(() => quiz.end !== null || link.streams.size > 0 || !link.hasStreams, { what: 'the stream' })
  return { quiz, moves, ends }
}

/** A client that goes where its room goes, and the rooms that were current. */
export function followed(link: FakeQuizLink, options: FollowQuizOptions) {
  const follow = closing(followQuiz(link.client, options))
  const rooms: string[] = []
  follow.subscribe(() => {
    const { status } = follow
    if (status.status === 'open' && rooms.at(-1) !== status.room) rooms.push(status.room)
  })
  /** It is in the room, with no other stream open. */
  const isIn = (room: string) =>
    until(() => follow.status.room === room && follow.status.status === 'open' && link.streams.size === 1, {
      what: `${link.user} is in ${room}`,
    })
  return { link, follow, rooms, isIn }
}
