import { questionOf } from '../../shared/quiz/conductor/game.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { endsStream, mayRead, viewOf } from '../../shared/quiz/view.ts'
import { countsOf } from '../../shared/quiz/view-game.ts'
import { changeOf } from '../../shared/quiz/view-frame.ts'
import type { QuizFrame } from '../../shared/quiz/wire.ts'
import { type Rule, RuleError } from '../../shared/rules.ts'
import { lastOf } from '../rooms/frames.ts'
import type { End, Source } from '../rooms/inlet.ts'
import type { Head, Landed, Watcher } from '../rooms/room.ts'
import { type Step, stepsFor, stepsOf } from './steps.ts'

export type QuizItem = QuizFrame | End

export interface QuizFollowerOptions {
  room: string
  user: string
  /** The version that the subscriber has; null: none. */
  after: number | null
  /** Attaches the watcher, and reads the log's end after that. */
  watch: (watcher: Watcher<QuizState>) => Promise<{ head: Head<QuizState> } & Disposable>
  /** mongod's time, ms. */
  now: () => number
  /** There may be something to take. */
  mark: (source: Source<QuizItem>) => void
  /** The viewer may read the room. */
  begun: () => Disposable
  /** Something is on its way to the subscriber; `at`: of the newest event in it, ms. */
  delivered: (at: number) => void
}

/** Events that may wait for one subscriber: past it the room is sent anew. */
const MOST_WAITING = 256
/** Counts of answers reach a viewer five times a second at most: room-log.md 17. */
const COUNTS_MS = 200

type Phase = 'opening' | 'snapshot' | 'live' | 'over'

/** One quiz room as one viewer follows it: each change of their view once and in order, or all of it where that cannot be. */
export class QuizFollower implements Source<QuizItem>, Watcher<QuizState> {
  readonly #options: QuizFollowerOptions
  #phase: Phase = 'opening'
  #why: 'start' | 'resync' | 'slow' = 'start'
  #head: QuizState | null = null
  #known = 0
  #waiting: Step[] = []
  #departure: Rule | null = null
  #failure: { error: unknown } | null = null
  /** `text`: those that the viewer has, by whichever frame. */
  #counts = { due: false, at: Number.NEGATIVE_INFINITY, text: '' }
  #timer: ReturnType<typeof setTimeout> | undefined
  #held: Disposable[] = []
  #isClosed = false

  constructor(options: QuizFollowerOptions) {
    this.#options = options
    void this.#open()
  }

  async #open(): Promise<void> {
    const { watch, mark, begun } = this.#options
    try {
      const watched = await watch(this)
      if (this.#isClosed) return watched[Symbol.dispose]()
      this.#held.push(watched)
      const { state } = watched.head
      // Documents may land between the read and here.
      const newest = this.#head !== null && this.#head.seq > (state?.seq ?? 0) ? this.#head : state
      this.#begin(newest)
      this.#held.push(begun())
    } catch (error) {
      this.#failure = { error }
    }
    mark(this)
  }

  #begin(state: QuizState | null): void {
    const { user, after } = this.#options
    const refusal = state === null ? 'room-gone' : mayRead(state, user)
    if (state === null || refusal !== null) throw new RuleError(refusal ?? 'room-gone')
    this.#head = state
    this.#known = state.seq
    if (isOver(state)) this.#departure = 'room-gone'
    if (after === state.seq) this.#phase = 'live'
    else this.#snapshotNext(after === null ? 'start' : 'resync')
  }

  landed({ doc, state }: Landed<QuizState>): void {
    const before = this.#head
    if (this.#phase === 'opening') return void (this.#head = state)
    if (this.#phase === 'over' || this.#departure !== null || lastOf(doc) <= this.#known || before === null) return
    if (doc.seq !== this.#known + 1) return this.reset({ state, seq: lastOf(doc), last: doc._id })
    const steps = stepsOf(doc, before)
    this.#known = lastOf(doc)
    this.#head = state
    for (const step of stepsFor(steps, this.#options.user)) {
      if (this.#phase === 'live') this.#waiting.push(step)
      this.#departure = endsStream(step.event, this.#options.user, step.state)
      if (this.#departure !== null) break
    }
    if (this.#waiting.length > MOST_WAITING) this.#snapshotNext('slow')
    if (steps.recounts) this.#counts.due = true
    this.#options.mark(this)
  }

  /** What came between is not known here one by one. */
  reset({ state }: Head<QuizState>): void {
    if (this.#phase === 'opening') this.#head = state ?? this.#head
    if (this.#phase === 'opening' || this.#phase === 'over' || this.#departure !== null) return
    if (state === null || state.seq <= this.#known) return
    this.#known = state.seq
    this.#head = state
    this.#departure = isOver(state) ? 'room-gone' : mayRead(state, this.#options.user)
    this.#snapshotNext('resync')
    this.#options.mark(this)
  }

  next(): QuizItem | null {
    if (this.#failure !== null) return this.#failed(this.#failure.error)
    if (this.#phase === 'opening' || this.#phase === 'over' || this.#head === null) return null
    if (this.#phase === 'snapshot' && (this.#departure ?? 'room-gone') === 'room-gone')
      return this.#snapshot(this.#head)
    if (this.#waiting.length > 0) return this.#changes()
    if (this.#departure !== null) return this.#over(this.#departure)
    return this.#counted(this.#head)
  }

  #snapshot(head: QuizState): QuizFrame {
    const { user, now } = this.#options
    this.#phase = 'live'
    this.#waiting = []
    Object.assign(this.#counts, { due: false, text: countsText(head) })
    return { kind: 'snapshot', version: head.seq, why: this.#why, view: { ...viewOf(head, user), now: now() } }
  }

  #changes(): QuizFrame | null {
    const { user, delivered } = this.#options
    const steps = this.#waiting.splice(0)
    const changes = steps.flatMap(({ event, state }) => {
      const change = changeOf(event, state, user)
      if (change?.parts.game !== undefined) this.#counts.text = countsText(state)
      return change ?? []
    })
    const last = steps.at(-1)?.state
    if (last === undefined) return null
    delivered(last.at)
    return { kind: 'changes', version: last.seq, changes }
  }

  /** How many have answered, if that is news and its time has come. */
  #counted(head: QuizState): QuizFrame | null {
    const counts = this.#counts
    if (head.game === null || head.game.asked.length === 0) counts.due = false
    if (!counts.due || head.game === null) return null
    const wait = counts.at + COUNTS_MS - performance.now()
    if (wait > 0) return this.#later(wait)
    counts.due = false
    const { round } = head.game
    const { answered, of } = countsOf(head, head.game)
    const frame = { kind: 'counts', version: head.seq, round, question: questionOf(head.game), answered, of } as const
    const text = countsText(head)
    if (text === counts.text) return null
    Object.assign(counts, { text, at: performance.now() })
    return frame
  }

  #later(ms: number): null {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#options.mark(this)
    }, ms)
    return null
  }

  #snapshotNext(why: 'start' | 'resync' | 'slow'): void {
    this.#phase = 'snapshot'
    this.#why = why
    this.#waiting = []
  }

  #failed(error: unknown): QuizItem {
    this.#failure = null
    if (!(error instanceof RuleError)) throw error
    return this.#over(error.rule, false)
  }

  /** `told`: the viewer has seen the room's end. */
  #over(rule: Rule, told = rule === 'room-gone'): End {
    this.#phase = 'over'
    return { kind: 'end', room: this.#options.room, rule, told }
  }

  [Symbol.dispose](): void {
    this.#isClosed = true
    this.#phase = 'over'
    clearTimeout(this.#timer)
    for (const held of this.#held) held[Symbol.dispose]()
  }
}

/** Nothing more comes: the room has ended, and where its occupants went is known. */
const isOver = ({ ended }: QuizState) =>
  ended !== null && (ended.returnTo === null || ended.returnTo.to === 'deck' || ended.returnedTo !== null)

function countsText(state: QuizState): string {
  const { game } = state
  if (game === null) return ''
  const { answered, of } = countsOf(state, game)
  return `${game.round} ${questionOf(game)} ${answered} ${of}`
}
