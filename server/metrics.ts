import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** All Prometheus series of a process, in a registry of its own so that two servers in one test do not share it. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `foyer_${name}`, help, labelNames, registers })
  const gauge = (name: string, help: string) => new Gauge({ name: `foyer_${name}`, help, registers })
  const histogram = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Histogram({ name: `foyer_${name}_seconds`, help, labelNames, buckets: SECONDS, registers })

  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const lag = new Gauge({
    name: 'foyer_event_loop_lag_seconds',
    help: 'Event-loop delay since the last scrape, 99th percentile',
    registers,
    collect() {
      const seconds = delay.percentile(99) / 1e9
      this.set(Number.isFinite(seconds) ? seconds : 0)
      delay.reset()
    },
  })
  /** What waits for subscribers who do not read, in characters; a text that waits for many is counted for each. */
  const queued = { chars: 0 }
  new Gauge({
    name: 'foyer_room_queue_bytes',
    help: 'Events that wait for subscribers, as characters',
    registers,
    collect() {
      this.set(queued.chars)
    },
  })
  const duration = histogram('request_duration', 'Time from request to reply, waits included', ['procedure'])
  const durations = new Map<string, ReturnType<typeof duration.labels>>()
  /** A procedure's, looked up once: to find a series by its labels takes prom-client longer than to add to it. */
  const durationOf = (procedure: string) => {
    const series = durations.get(procedure) ?? duration.labels({ procedure })
    durations.set(procedure, series)
    return series
  }
  return {
    registry,
    lag,
    requests: counter('requests_total', 'Requests by procedure and outcome (ok or the rule)', ['procedure', 'outcome']),
    durationOf,
    streams: gauge('open_streams', 'Subscriptions that are open'),
    waits: gauge('open_waits', 'Long polls that are held'),
    conflicts: counter('conflicts_total', 'Writes that lost a race, by unique index', ['index']),
    expiries: counter('expiries_total', 'Expired holds that were evicted or swept, by kind', ['kind']),
    resyncs: counter('resyncs_total', 'Snapshots sent in place of events, by reason', ['why']),
    roomFrames: counter('room_frames_total', 'Frames that rooms` streams sent, by kind', ['kind']),
    roomDelivery: histogram('room_delivery', 'Time from a command`s receipt to its events` way to a subscriber', []),
    quizFrames: counter('quiz_frames_total', 'Frames that quiz rooms` streams sent, by kind', ['kind']),
    quizDelivery: histogram('quiz_delivery', 'Time from a quiz command`s receipt to its way to a subscriber', []),
    queued,
    unsound: counter('unsound_rooms_total', 'Rooms whose log did not fold: each is an incident', []),
    throttled: counter('throttled_total', 'Requests refused by a rate limit', ['by']),
    offerToAnswer: histogram('offer_to_answer', 'Time from a stored offer to its answer in the host`s hands', ['kind']),
    mailboxes: gauge('mailboxes', 'Live mailbox rooms (counted at the scrape)'),
    sessions: gauge('sessions', 'Live hosted sessions (counted at the scrape)'),
    stop: () => delay.disable(),
  }
}
export type Metrics = ReturnType<typeof createMetrics>
