import { RuleError } from '../../shared/rules.ts'

/** What becomes of a call. `twice`: the network brings it two times. */
export type Fate = 'pass' | 'lose-request' | 'lose-reply' | 'twice'
export type Input = Record<string, unknown>
export type Call = { path: string; input: Input }
/** What takes how long, ms; 0: no turn of a timer. */
export type Way = 'request' | 'reply' | 'frame'

/** One client's way to a server: all of it does what the test says. */
export abstract class FakeWay<S extends { cut: () => void; wake: () => void }> {
  /** Whether calls and streams get through at all. */
  isUp = true
  /** Whether streams can be opened. */
  hasStreams = true
  /** Frames are held back while this is so. */
  isHeld = false
  fate: (call: Call) => Fate = () => 'pass'
  delay: (way: Way) => number = () => 0
  readonly streams = new Set<S>()
  #replies: Promise<void> = Promise.resolve()

  /** The server was called. */
  protected abstract arrived(call: Call): void

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
  /** The server works, and its replies wait; returns what lets them through. */
  holdReplies(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#replies = promise
    return resolve
  }

  pause(way: Way): Promise<void> | undefined {
    const ms = this.delay(way)
    return ms === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, ms))
  }

  /** A procedure of the fake, as clients call it. */
  protected procedure<T>(path: string, answer: (input: Input) => T) {
    const attempt = (input: Input = {}, { signal }: { signal?: AbortSignal } = {}) =>
      this.#carry({ path, input }, answer, signal)
    return { mutate: attempt, query: attempt }
  }

  /** What the server says, or refuses. */
  protected answered<T>(answer: () => T): T | RuleError {
    try {
      return answer()
    } catch (error) {
      if (error instanceof RuleError) return error
      throw error
    }
  }

  async #carry<T>(call: Call, answer: (input: Input) => T, signal?: AbortSignal): Promise<T> {
    await Promise.resolve()
    await this.pause('request')
    const fate = this.isUp ? this.fate(call) : 'lose-request'
    // Who gave up has not sent it: a late copy is what `twice` and `lose-reply` are for.
    if (fate === 'lose-request' || signal?.aborted === true) throw new TypeError('fetch failed')
    // What the server has is what came over the wire.
    const { path, input }: Call = JSON.parse(JSON.stringify(call))
    this.arrived({ path, input })
    const reply = this.answered(() => {
      const first = answer(input)
      return fate === 'twice' ? answer(input) : first
    })
    await this.#replies
    await this.pause('reply')
    if (fate === 'lose-reply' || !this.isUp) throw new TypeError('fetch failed')
    if (reply instanceof RuleError) throw reply
    // edge: JSON of a reply is a reply
    return JSON.parse(JSON.stringify(reply)) as T
  }
}
