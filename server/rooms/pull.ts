import { RuleError } from '../../shared/rules.ts'
import type { Account } from '../accounts.ts'
import type { Flow } from '../flow.ts'
import type { Services } from '../services.ts'
import type { Inlet } from './inlet.ts'

/** Who subscribes. */
export interface Subscriber {
  account: Account
  /** Aborts when the client unsubscribes or is gone. */
  signal: AbortSignal | undefined
  flow: Flow | undefined
}

/** The longest that a timer may run; longer ones would fire at once. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * What an inlet's sources have, each in its turn, while the subscriber reads: nothing is taken for one who does not. Ends with the
 * subscriber; throws `unauthorized` when its token ends and `shutting-down` (retryable: resume elsewhere), before the next item.
 */
export async function* pull<I>(
  inlet: Inlet<I>,
  { services, subscriber }: { services: Services; subscriber: Subscriber },
): AsyncGenerator<I, void> {
  const { shutdown } = services
  const { signal, flow, account } = subscriber
  const { now } = services.store.clock
  const goesOn = () => {
    if (shutdown.aborted) throw new RuleError('shutting-down')
    if (account.expiresAt !== null && now() >= account.expiresAt) throw new RuleError('unauthorized')
    return signal?.aborted !== true
  }
  using _alarm = alarm(account.expiresAt, { now, ring: inlet.wake })
  using _ended = whenAborted(signal, inlet.wake)
  using _drained = whenAborted(shutdown, inlet.wake)
  while (goesOn()) {
    await inlet.wait()
    await flow?.ready(signal)
    if (!goesOn()) return
    const source = inlet.take()
    if (source === undefined) continue
    const item = await source.next()
    // Reading a log takes a while.
    if (!goesOn()) return
    if (item === null) continue
    inlet.mark(source)
    yield item
  }
}

const whenAborted = (signal: AbortSignal | undefined, then: () => void): Disposable => {
  signal?.addEventListener('abort', then, { once: true })
  return { [Symbol.dispose]: () => signal?.removeEventListener('abort', then) }
}

/** Rings at a time of mongod's clock. */
function alarm(at: Date | null, { now, ring }: { now: () => Date; ring: () => void }): Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = () => {
    const ms = at === null ? Number.POSITIVE_INFINITY : at.getTime() - now().getTime()
    if (ms <= 0) ring()
    else if (at !== null) timer = setTimeout(look, Math.min(ms, LONGEST_MS))
  }
  look()
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}
