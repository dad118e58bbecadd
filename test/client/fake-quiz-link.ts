import type { QuizServer } from '../../client/quiz/calls.ts'
import { openQuiz } from '../../client/quiz.ts'
import type { OpenQuizOptions } from '../../client/quiz/open.ts'
import type { QuizCommand } from '../../shared/quiz/commands.ts'
import { payloadSchema } from '../../shared/quiz/settings.ts'
import { RuleError } from '../../shared/rules.ts'
import { deckOf, friends } from '../quiz/rooms.ts'
import type { FakeQuizzes } from './fake-quiz.ts'
import { FakeQuizStream, type FakeQuizStreamOptions } from './fake-quiz-stream.ts'
import { type Call, FakeWay } from './fake-way.ts'

/** The deciders' names of the procedures, and what the service adds to them. */
const COMMANDS: Readonly<Record<string, (quizzes: FakeQuizzes) => object>> = {
  join: ({ rooms }) => ({ type: 'join', facts: friends(...[...rooms.values()].flatMap(({ it }) => it.occupants)) }),
  leave: () => ({ type: 'leave' }),
  invite: () => ({ type: 'invite' }),
  message: () => ({ type: 'message' }),
  start: () => ({ type: 'startConductor', facts: deckOf() }),
  terminate: () => ({ type: 'terminate' }),
  spawn: () => ({ type: 'spawn', child: `child-${++children}`, facts: deckOf() }),
  answer: (quizzes) => ({ type: 'answer', facts: { receivedAt: quizzes.now() } }),
  control: () => ({ type: 'control' }),
}
let children = 0

/** One client's way to the quiz rooms of a server. */
export class FakeQuizLink extends FakeWay<FakeQuizStream> {
  /** What the server says to all that is asked. */
  refusal: RuleError | null = null
  /** After which versions streams were asked for. */
  readonly asked: (number | undefined)[] = []
  readonly client: QuizServer

  constructor(
    readonly quizzes: FakeQuizzes,
    readonly user: string,
  ) {
    super()
    this.client = this.#client()
  }

  protected arrived(call: Call): void {
    this.quizzes.calls.push({ ...call, user: this.user })
  }

  open(options: OpenQuizOptions) {
    return openQuiz(this.client, options)
  }

  #client(): QuizServer {
    const command = (path: string) =>
      this.procedure(path, ({ id, reply, room, from: _from, as = this.user, ...rest }) => {
        const { facts = { friends: [rest.user] }, ...own } = { facts: undefined, ...COMMANDS[path]?.(this.quizzes) }
        if (rest.payload !== undefined) rest.payload = payloadSchema.parse(rest.payload)
        // edge: the calls of client/quiz/calls.ts, which are typed there
        const sent = { ...own, ...rest, facts } as unknown as QuizCommand
        const done = this.quizzes.run(String(as), { room: String(room), command: sent }, String(id))
        return { ...done, now: reply === 'room' ? this.#viewOr(String(room)) : null }
      })
    const quiz = {
      ...Object.fromEntries(Object.keys(COMMANDS).map((path) => [path, command(path)])),
      get: this.procedure('get', ({ room }) => this.quizzes.seen(String(room), this.user)),
      events: {
        subscribe: ({ room, after }: { room: string; after?: number }, handlers: FakeQuizStreamOptions['handlers']) => {
          this.asked.push(after)
          const stream = new FakeQuizStream(this, { room, after: after ?? null, handlers })
          return { unsubscribe: () => stream.stop() }
        },
      },
    }
    // edge: the fake answers those procedures that an open room calls
    return { account: { me: this.procedure('me', () => ({ id: this.user })) }, quiz } as unknown as QuizServer
  }

  #viewOr(room: string) {
    try {
      return this.quizzes.seen(room, this.user)
    } catch {
      return null
    }
  }

  protected override answered<T>(answer: () => T): T | RuleError {
    try {
      return this.refusal ?? answer()
    } catch (error) {
      // What is no rule is a mistake of the fake, which nobody is to try again.
      return error instanceof RuleError ? error : new RuleError('bad-request', { issues: { fake: [String(error)] } })
    }
  }
}
