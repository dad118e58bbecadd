import type { RouterInputs } from '../../server/app.ts'
import type { QuizView } from '../../shared/quiz/view.ts'
import { changed } from '../../shared/quiz/view-frame.ts'
import type { QuizFrame } from '../../shared/quiz/wire.ts'
import { until } from '../kit/until.ts'
import type { Link } from '../rooms/streams.ts'

/** What a subscription to a quiz room brought so far; it may go on over several connections. */
export class QuizHeard {
  readonly frames: QuizFrame[] = []
  readonly ids: string[] = []
  /** When each frame came, ms. */
  readonly times: number[] = []
  readonly ends: string[] = []
  view: QuizView | null = null
  unsubscribe = () => {}

  take(frame: QuizFrame, id: string) {
    this.frames.push(frame)
    this.ids.push(id)
    this.times.push(performance.now())
    if (frame.kind === 'snapshot') this.view = frame.view
    else if (frame.kind === 'changes' && this.view !== null) this.view = frame.changes.reduce(changed, this.view)
  }
  snapshots = () => this.frames.filter((frame) => frame.kind === 'snapshot')
  counts = () =>
    this.frames.flatMap((frame, i) => (frame.kind === 'counts' ? [{ ...frame, ms: this.times[i] ?? 0 }] : []))
  /** The versions of all changes in the order in which they came, over snapshots. */
  versions = () =>
    this.frames.flatMap((frame) => (frame.kind === 'changes' ? frame.changes.map(({ version }) => version) : []))

  async until(what: string, holds: (view: QuizView) => boolean, deadlineMs = 10_000): Promise<QuizView> {
    await until(() => this.view !== null && holds(this.view), { what, deadlineMs })
    if (this.view === null) throw new Error('nothing was heard')
    return this.view
  }
  ended = (deadlineMs = 10_000) => until(() => this.ends.at(-1), { what: 'the end of the stream', deadlineMs })
}

/** A view without the time at which it was sent. */
export const timeless = (view: object | null) => ({ ...view, now: 0 })

/** Subscribes to a quiz room, by whichever transport the link has. */
export function followQuiz(
  { client }: Pick<Link, 'client'>,
  input: RouterInputs['quiz']['events'],
  heard = new QuizHeard(),
) {
  const { unsubscribe } = client.quiz.events.subscribe(input, {
    onData: ({ id, data }) => heard.take(data, id),
    onError: (error) => heard.ends.push(String(error.data?.rule ?? error)),
    onComplete: () => heard.ends.push('complete'),
  })
  heard.unsubscribe = unsubscribe
  return heard
}
