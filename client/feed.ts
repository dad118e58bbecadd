import type { Signal } from '../shared/session/schema.ts'
import type { CallScope } from './calls.ts'
import { type FoyerError, toFoyerError } from './errors.ts'
import { childScope, openPolls, type Polls } from './polls.ts'
import { backoffMs, pause } from './retry.ts'
import { readStream, type StreamEnd } from './stream.ts'

export interface FeedOptions {
  scope: CallScope
  side: 'host' | 'client'
  /** `stream`: server-sent events, with long-polls in their place where they cannot be opened. `poll`: long-polls only. */
  transport: 'stream' | 'poll'
  /** A signal may come again, and late: every receiver goes by its generation. */
  onSignal: (signal: Signal) => void
  onOnline: (online: boolean) => void
  /** The server has nothing more for this side: superseded, the session or the seat is gone, … */
  onEnd: (error: FoyerError) => void
  /** How long polls stand in for a stream before it is tried again, while they go on; ms, default a minute. */
  spellMs?: number | undefined
}

export interface Feed {
  /** The host wants the signals of this connection; a stream brings them anyway. */
  follow(client: string): void
  unfollow(client: string): void
  close(): void
}

const SPELL_MS = 60_000
/** Streams in a row that never opened, after which polls are tried: some networks cut them silently. */
const UNOPENED = 3

/** The signals of one side, for ever: when the server is away it is asked again, with back-off. */
export function openFeed(options: FeedOptions): Feed {
  const { scope: parent, side, transport, onSignal, onOnline, onEnd, spellMs = SPELL_MS } = options
  const { scope, end } = childScope(parent)
  const followed = new Set<string>()
  let polls: Polls | null = null
  let cursor: string | undefined
  let failures = 0
  let known: boolean | null = null
  const report = (online: boolean) => {
    if (online === known || scope.signal.aborted) return
    known = online
    onOnline(online)
  }
  const deliver = (signal: Signal) => {
    if (!scope.signal.aborted) onSignal(signal)
  }

  const stopPolls = () => {
    polls?.close()
    polls = null
  }

  /** Polls, until a stream opens; rejects with what ends the feed. */
  const standIn = () => {
    polls ??= openPolls({ scope, side, onSignal: deliver, onOnline: report })
    for (const client of followed) polls.follow(client)
    return polls.ended
  }

  const stream = () =>
    readStream({
      scope,
      cursor,
      onOpen: () => {
        failures = 0
        stopPolls()
        report(true)
      },
      onSignal: (signal, at) => {
        // The cursor stays where the stream was while polls stand in: what they brought comes again, and nothing is missed.
        cursor = at
        deliver(signal)
      },
    })

  const run = async () => {
    if (transport === 'poll') return standIn()
    for (;;) {
      const ended = await (polls === null ? stream() : Promise.race([stream(), polls.ended]))
      if (scope.signal.aborted) return
      if (ended.opened && !ended.error.retryable) throw ended.error
      failures++
      if (isBlocked(ended) || failures >= UNOPENED) await Promise.race([standIn(), pause(spellMs, scope.signal)])
      else {
        report(false)
        await pause(backoffMs(failures - 1, ended.error.retryAfterMs), scope.signal)
      }
    }
  }

  run().catch((thrown: unknown) => {
    if (scope.signal.aborted) return
    end()
    onEnd(toFoyerError(thrown))
  })

  return {
    follow: (client) => {
      followed.add(client)
      polls?.follow(client)
    },
    unfollow: (client) => {
      followed.delete(client)
      polls?.unfollow(client)
    },
    close: end,
  }
}

/** The server was reached, and yet there is no stream: polls get through, or bring the server's own word for why not. */
const isBlocked = ({ opened, error }: StreamEnd) => !opened && error.rule !== 'offline'
