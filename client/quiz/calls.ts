import type { z } from 'zod'
import type { Answer } from '../../shared/deck/answers.ts'
import type { Json } from '../../shared/json.ts'
import type { Control } from '../../shared/quiz/controls.ts'
import type * as wire from '../../shared/quiz/wire.ts'
import type { Handlers } from '../subscription.ts'
import type { QuizPayloadInput } from './types.ts'

type Frame = wire.QuizFrame
type Input<K extends keyof typeof wire> = (typeof wire)[K] extends z.ZodType ? z.input<(typeof wire)[K]> : never
interface Asking {
  signal?: AbortSignal
}
interface Mutation<I> {
  mutate(input: I, options?: Asking): Promise<wire.QuizReply>
}

/** What an open quiz room asks of the service: the procedures of `connect`'s client that have to do with one room. */
export interface QuizServer {
  account: { me: { query(input?: undefined, options?: Asking): Promise<{ id: string }> } }
  quiz: {
    get: { query(input: Input<'getQuizInput'>, options?: Asking): Promise<wire.QuizSeen> }
    events: {
      subscribe(
        input: Input<'quizEventsInput'>,
        handlers: Handlers<Frame | { id: string; data: Frame }>,
      ): { unsubscribe(): void }
    }
    join: Mutation<Input<'joinQuizInput'>>
    leave: Mutation<Input<'quizInput'>>
    invite: Mutation<Input<'inviteInput'>>
    message: Mutation<Input<'messageInput'>>
    start: Mutation<Input<'conductorInput'>>
    terminate: Mutation<Input<'quizInput'>>
    spawn: Mutation<Input<'conductorInput'>>
    answer: Mutation<Input<'answerInput'>>
    control: Mutation<Input<'controlInput'>>
  }
}

/** One attempt of a command under its id; a repeat gets the first result. */
export type Attempt = (
  envelope: { id: string; reply: 'room' | 'result' },
  signal: AbortSignal,
) => Promise<wire.QuizReply>

/** Which room, for whom; `from`: the room that it was spawned from, if that is how this client came to it. */
export interface Place {
  room: string
  as: string | undefined
  from: string | undefined
}

/** What the server is asked of one room. */
export function quizCalls({ quiz }: QuizServer, { room, as, from }: Place) {
  const place = { room, as }
  return {
    get: (signal: AbortSignal) => quiz.get.query({ ...place, from }, { signal }),
    /** A room that this one has spawned. */
    child: (child: string) => (signal: AbortSignal) => quiz.get.query({ room: child, as, from: room }, { signal }),
    events: (after: number, handlers: Handlers<Frame | { id: string; data: Frame }>) =>
      quiz.events.subscribe({ ...place, from, after }, handlers),
    join: ((envelope, signal) => quiz.join.mutate({ ...place, ...envelope, from }, { signal })) satisfies Attempt,
    leave: ((envelope, signal) => quiz.leave.mutate({ ...place, ...envelope }, { signal })) satisfies Attempt,
    invite:
      (user: string): Attempt =>
      (envelope, signal) =>
        quiz.invite.mutate({ ...place, ...envelope, user }, { signal }),
    message:
      (text: string, proposal: Json): Attempt =>
      (envelope, signal) =>
        quiz.message.mutate({ ...place, ...envelope, text, proposal }, { signal }),
    start:
      (payload: QuizPayloadInput): Attempt =>
      (envelope, signal) =>
        quiz.start.mutate({ ...place, ...envelope, payload }, { signal }),
    terminate: ((envelope, signal) => quiz.terminate.mutate({ ...place, ...envelope }, { signal })) satisfies Attempt,
    spawn:
      (payload: QuizPayloadInput): Attempt =>
      (envelope, signal) =>
        quiz.spawn.mutate({ ...place, ...envelope, payload }, { signal }),
    control:
      (control: Control): Attempt =>
      (envelope, signal) =>
        quiz.control.mutate({ ...place, ...envelope, control }, { signal }),
    answer:
      (answer: { round: number; question: number; value: Answer }): Attempt =>
      (envelope, signal) =>
        quiz.answer.mutate({ ...place, ...envelope, ...answer }, { signal }),
  }
}
export type QuizCalls = ReturnType<typeof quizCalls>
