import type { Handlers } from '../../client/subscription.ts'
import { endsStream } from '../../shared/quiz/view.ts'
import { countsOf } from '../../shared/quiz/view-game.ts'
import { changeOf } from '../../shared/quiz/view-frame.ts'
import type { QuizFrame } from '../../shared/quiz/wire.ts'
import type { Rule } from '../../shared/rules.ts'
import { RuleError } from '../../shared/rules.ts'
import type { MemoryQuiz } from '../quiz/memory.ts'
import type { FakeQuizLink } from './fake-quiz-link.ts'

export interface FakeQuizStreamOptions {
  room: string
  after: number | null
  handlers: Handlers<{ id: string; data: QuizFrame }>
}

/** One subscription of `quiz.events`, as server/quiz/follower.ts does it: who has missed something gets all of the room again. */
export class FakeQuizStream {
  #at = 0
  #isOver = false
  readonly #link: FakeQuizLink
  readonly #options: FakeQuizStreamOptions
  readonly #forget: () => void

  constructor(link: FakeQuizLink, options: FakeQuizStreamOptions) {
    this.#link = link
    this.#options = options
    link.streams.add(this)
    this.#forget = link.quizzes.attach((room) => {
      if (room === options.room) queueMicrotask(() => this.wake())
    })
    queueMicrotask(() => this.#open())
  }

  stop(): void {
    this.#isOver = true
    this.#link.streams.delete(this)
    this.#forget()
  }

  /** As a lost connection does. */
  cut(): void {
    this.#end(new TypeError('the stream broke'))
  }

  #room = (): MemoryQuiz => this.#link.quizzes.read(this.#options.room, this.#link.user)

  #open(): void {
    const { isUp, hasStreams, refusal } = this.#link
    if (this.#isOver) return
    if (!isUp) return this.cut()
    if (refusal !== null) return this.#end(refusal)
    if (!hasStreams) return this.#end(Object.assign(new Error('no stream'), { name: 'TimeoutError' }))
    try {
      this.#at = this.#room().log.length
    } catch (error) {
      return this.#end(error)
    }
    this.#options.handlers.onStarted()
    if (this.#options.after !== this.#at) this.#snapshot(this.#options.after === null ? 'start' : 'resync')
    this.#completeIfOver()
  }

  #end(error: unknown): void {
    if (this.#isOver) return
    this.stop()
    this.#options.handlers.onError(error)
  }

  #completeIfOver(): void {
    const room = this.#link.quizzes.rooms.get(this.#options.room)
    const ended = room?.it.ended
    if (this.#isOver || !ended || (ended.returnTo && ended.returnTo.to !== 'deck' && ended.returnedTo === null)) return
    this.stop()
    this.#options.handlers.onComplete()
  }

  /** Sends a frame, whether it is right or not. */
  send(data: QuizFrame): void {
    if (!this.#isOver)
      this.#options.handlers.onData({ id: String(data.version), data: JSON.parse(JSON.stringify(data)) })
  }

  #snapshot(why: 'start' | 'resync'): void {
    const { quizzes, user } = this.#link
    this.send({ kind: 'snapshot', version: this.#at, why, view: quizzes.seen(this.#options.room, user) })
  }

  wake(): void {
    const { isHeld, user, quizzes } = this.#link
    const room = quizzes.rooms.get(this.#options.room)
    if (this.#isOver || isHeld || room === undefined) return
    const from = this.#at
    let end: Rule | null = null
    const changes = room.events.slice(from).flatMap((event, i) => {
      const state = room.states[from + i]
      if (state === undefined || end !== null) return []
      end = endsStream(event, user, state)
      return changeOf(event, state, user) ?? []
    })
    this.#at = room.log.length
    const last = changes.at(-1)
    if (last !== undefined) this.send({ kind: 'changes', version: last.version, changes })
    if (end === 'room-gone') this.#completeIfOver()
    else if (end !== null) this.#end(new RuleError(end))
    else if (changes.length < this.#at - from) this.count()
  }

  /** How many have answered by now. */
  count(): void {
    const { it } = this.#room()
    if (it.game === null || it.game.asked.length === 0) return
    const which = { round: it.game.round, question: it.game.asked.length - 1 }
    this.send({ kind: 'counts', version: it.seq, ...which, ...countsOf(it, it.game) })
  }
}
