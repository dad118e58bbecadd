import type { ChannelLike, PeerLike } from './rtc.ts'

/** `restarting`: silent, and a new way is being looked for. `lost`: every attempt failed; it may still come back by itself. */
export type Health = 'connecting' | 'connected' | 'restarting' | 'lost'

export interface WatchOptions<C extends ChannelLike> {
  peer: PeerLike<C>
  /** Offers an ICE restart. */
  restart: () => void
  onHealth: (health: Health) => void
  /** ICE reports that it is connected, whether that is news or not. */
  onGood?: (() => void) | undefined
  /** How long ICE may be `disconnected` before a restart, ms. */
  silenceMs?: number | undefined
  /** How long one attempt may take, the first connection too, ms. */
  attemptMs?: number | undefined
  attempts?: number | undefined
}

const SILENCE_MS = 1_500
const ATTEMPT_MS = 10_000
const ATTEMPTS = 3

const GOOD: ReadonlySet<string> = new Set(['connected', 'completed'])

/**
 * Restarts ICE when the other side falls silent: when ICE reports `failed`, or `disconnected` (its consent checks, RFC
 * 7675, are not answered) for `silenceMs`, or nothing for `attemptMs`. Attempts are bounded; a failed one changes nothing
 * else: the session, the seat and the old path, should it come back, are kept.
 */
export function watchPeer<C extends ChannelLike>(options: WatchOptions<C>) {
  const {
    peer,
    restart,
    onHealth,
    onGood,
    silenceMs = SILENCE_MS,
    attemptMs = ATTEMPT_MS,
    attempts = ATTEMPTS,
  } = options
  let health: Health = 'connecting'
  let opened = false
  let tried = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const enter = (next: Health) => {
    if (health === next) return
    health = next
    onHealth(next)
  }
  const arm = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(attempt, ms)
  }

  const attempt = () => {
    clearTimeout(timer)
    timer = undefined
    if (tried >= attempts) return enter('lost')
    tried++
    arm(attemptMs)
    enter('restarting')
    restart()
  }

  const recovered = () => {
    clearTimeout(timer)
    timer = undefined
    tried = 0
    enter('connected')
  }

  const look = () => {
    const states = [peer.iceConnectionState, peer.connectionState]
    if (states.includes('closed')) return
    if (states.includes('failed')) {
      // Each attempt has its own time; only the first silence starts one at once.
      if (health === 'connecting' || health === 'connected') attempt()
    } else if (states.includes('disconnected')) {
      if (health === 'connected' && timer === undefined) arm(silenceMs)
    } else if (opened && states.every((state) => GOOD.has(state))) {
      recovered()
      onGood?.()
    }
  }

  peer.addEventListener('iceconnectionstatechange', look)
  peer.addEventListener('connectionstatechange', look)

  return {
    /** The descriptions are on their way: from now on it must come to something. */
    begin: () => {
      if (health === 'connecting' && timer === undefined) arm(attemptMs)
    },
    /** The data channel is open. */
    open: () => {
      opened = true
      recovered()
    },
    health: () => health,
    stop: () => {
      clearTimeout(timer)
      peer.removeEventListener('iceconnectionstatechange', look)
      peer.removeEventListener('connectionstatechange', look)
    },
  }
}
export type Watch = ReturnType<typeof watchPeer>
