import { FoyerError, toFoyerError } from './errors.ts'
import { backoffMs, pause, retry } from './retry.ts'
import { type Handlers, readSubscription, type StreamEnd } from './subscription.ts'

/** How news comes: as it happens, by polls meanwhile, or not at all. */
export type Reach = 'stream' | 'polls' | 'none'

export interface FollowOptions<N> {
  /** Opens a stream from where this client has come to. */
  subscribe: (handlers: Handlers<N>) => { unsubscribe: () => void }
  /** Asks for what a stream would have brought. */
  poll: (signal: AbortSignal) => Promise<readonly N[]>
  onNews: (news: N) => void
  onReach: (reach: Reach) => void
  /** The server has nothing more of this for this user. */
  onEnd: (error: FoyerError) => void
  signal: AbortSignal
  /** How long polls stand in for a stream before it is tried again, and how often they ask, ms. */
  spellMs?: number | undefined
  pollMs?: number | undefined
}

const SPELL_MS = 60_000
const POLL_MS = 2_000
/** Streams in a row that never opened, after which polls are tried: some networks cut them silently. */
const UNOPENED = 3

/** One subscription, for ever: when the server is away it is asked again, with back-off, from where this client has come to. */
export function follow<N>(options: FollowOptions<N>) {
  const { subscribe, poll, onNews, onReach, onEnd, signal, spellMs = SPELL_MS, pollMs = POLL_MS } = options
  let stop = new AbortController()
  let known: Reach | null = null
  const report = (reach: Reach) => {
    if (reach === known || signal.aborted) return
    known = reach
    onReach(reach)
  }
  let refused = 0
  let wake = () => {}
  const onPause = (next: () => void) => void (wake = next)
  const deliver = (news: N) => {
    refused = 0
    if (!signal.aborted) onNews(news)
  }

  const stream = (onOpen: () => void): Promise<StreamEnd> => {
    stop = new AbortController()
    return readSubscription<N>({
      subscribe,
      onOpen: () => {
        onOpen()
        report('stream')
      },
      onData: deliver,
      signal: AbortSignal.any([signal, stop.signal]),
    })
  }

  /**
   * Again and again; rejects with what the server says against it. Ends with an outage of polls, too: what streams failed from may
   * have been that.
   */
  const polls = async (until: AbortSignal): Promise<void> => {
    for (;;) {
      let wasAway = false
      const onRetry = () => {
        wasAway = true
        report('none')
      }
      const all = await retry(poll, { signal: until, onRetry, onPause })
      if (wasAway) return
      report('polls')
      for (const news of all) deliver(news)
      await pause(pollMs, until)
    }
  }

  /** Polls for a while; then a stream is tried again. */
  const standIn = async (): Promise<void> => {
    const spell = AbortSignal.any([signal, AbortSignal.timeout(spellMs)])
    await polls(spell).catch((thrown: unknown) => {
      if (!spell.aborted) throw thrown
    })
  }

  const run = async (): Promise<void> => {
    let failures = 0
    for (;;) {
      const ended = await stream(() => (failures = 0))
      if (signal.aborted) return
      if (stop.signal.aborted) continue
      const { error, opened } = ended
      // A token that has run out may have a successor by now: once.
      if (error.rule === 'unauthorized' ? ++refused > 1 : opened && !error.retryable) throw error
      failures++
      if (isBlocked(ended) || failures >= UNOPENED) await standIn()
      else {
        report('none')
        const pauseMs = backoffMs(failures - 1, error.retryAfterMs)
        // What the server asks for is waited for.
        await pause(pauseMs, signal, error.retryAfterMs === undefined ? onPause : undefined)
      }
    }
  }

  run().catch((thrown: unknown) => {
    if (!signal.aborted) onEnd(toFoyerError(thrown))
  })

  return {
    /** Something is missing between what came: the stream begins again after what is known. */
    again: () => stop.abort(new FoyerError('aborted')),
    /** The server was reached: who waits before it is tried again tries now. */
    wake: () => wake(),
  }
}

/** The server was reached, and yet there is no stream: polls get through, or bring the server's own word for why not. */
const isBlocked = ({ opened, error }: StreamEnd) =>
  !opened && error.rule !== 'offline' && error.rule !== 'unauthorized' && error.rule !== 'rate-limited'
