import type { QuizServer } from '../../client/quiz/calls.ts'
import { openQuiz } from '../../client/quiz.ts'
import type { OpenQuizOptions } from '../../client/quiz/open.ts'
import type { QuizCommand } from '../../shared/quiz/commands.ts'
import { payloadSchema } from '../../shared/quiz/settings.ts'
import { RuleError } from '../../shared/rules.ts'
import { deckOf, friends } from '../quiz/rooms.ts'
import type { Call, Fate } from './fake-link.ts'
import type { FakeQuizzes } from './fake-quiz.ts'
import { FakeQuizStream, type FakeQuizStreamOptions } from './fake-quiz-stream.ts'

type Input = Record<string, unknown>

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

/** One client's way to the quiz rooms of a server: all of it does what the test says. */
export class FakeQuizLink {
  /** Whether calls and streams get through at all. */
  isUp = true
  /** Whether streams can be opened. */
  hasStreams = true
  /** Frames are held back while this is so. */
  isHeld = false
  /** What the server says to all that is asked. */
  refusal: RuleError | null = null
  fate: (call: Call) => Fate = () => 'pass'
  readonly streams = new Set<FakeQuizStream>()
  /** After which versions streams were asked for. */
  readonly asked: (number | undefined)[] = []

  constructor(
    readonly quizzes: FakeQuizzes,
    readonly user: string,
  ) {}

  /** Ends all streams; they may be opened again. */
  cut(): void {
    for (const stream of [...this.streams]) stream.cut()
  }
  down(): void {
    this.isUp = false
    this.cut()
  }
  up(): void {
    this.isUp = true
  }
  /** Lets frames through that were held back. */
  release(): void {
    this.isHeld = false
    for (const stream of this.streams) stream.wake()
  }

  open(options: OpenQuizOptions) {
    return openQuiz(this.client, options)
  }

  readonly client = this.#client()

  #client(): QuizServer {
    const call = <T>(path: string, answer: (input: Input) => T) => {
      const attempt = (input: Input = {}, { signal }: { signal?: AbortSignal } = {}) =>
        this.#call({ path, input }, answer, signal)
      return { mutate: attempt, query: attempt }
    }
    const command = (path: string) =>
      call(path, ({ id, reply, room, from: _from, as = this.user, ...rest }) => {
        const { facts = { friends: [rest.user] }, ...own } = { facts: undefined, ...COMMANDS[path]?.(this.quizzes) }
        if (rest.payload !== undefined) rest.payload = payloadSchema.parse(rest.payload)
        // edge: the calls of client/quiz/calls.ts, which are typed there
        const sent = { ...own, ...rest, facts } as unknown as QuizCommand
        const done = this.quizzes.run(String(as), { room: String(room), command: sent }, String(id))
        return { ...done, now: reply === 'room' ? this.#viewOr(String(room)) : null }
      })
    const quiz = {
      ...Object.fromEntries(Object.keys(COMMANDS).map((path) => [path, command(path)])),
      get: call('get', ({ room }) => this.quizzes.seen(String(room), this.user)),
      events: {
        subscribe: ({ room, after }: { room: string; after?: number }, handlers: FakeQuizStreamOptions['handlers']) => {
          this.asked.push(after)
          const stream = new FakeQuizStream(this, { room, after: after ?? null, handlers })
          return { unsubscribe: () => stream.stop() }
        },
      },
    }
    // edge: the fake answers those procedures that an open room calls
    return { account: { me: call('me', () => ({ id: this.user })) }, quiz } as unknown as QuizServer
  }

  #viewOr(room: string) {
    try {
      return this.quizzes.seen(room, this.user)
    } catch {
      return null
    }
  }

  async #call<T>(call: Call, answer: (input: Input) => T, signal?: AbortSignal): Promise<T> {
    await Promise.resolve()
    const fate = this.isUp ? this.fate(call) : 'lose-request'
    if (fate === 'lose-request' || signal?.aborted === true) throw new TypeError('fetch failed')
    // What the server has is what came over the wire.
    const { path, input }: Call = JSON.parse(JSON.stringify(call))
    this.quizzes.calls.push({ path, input, user: this.user })
    const reply = this.#answered(fate, () => answer(input))
    await Promise.resolve()
    if (fate === 'lose-reply' || !this.isUp) throw new TypeError('fetch failed')
    if (reply instanceof RuleError) throw reply
    // edge: JSON of a reply is a reply
    return JSON.parse(JSON.stringify(reply)) as T
  }

  #answered<T>(fate: Fate, answer: () => T): T | RuleError {
    try {
      if (this.refusal !== null) return this.refusal
      const first = answer()
      return fate === 'twice' ? answer() : first
    } catch (error) {
      // What is no rule is a mistake of the fake, which nobody is to try again.
      return error instanceof RuleError ? error : new RuleError('bad-request', { issues: { fake: [String(error)] } })
    }
  }
}
