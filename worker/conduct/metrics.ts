import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** The Prometheus series of a process that runs conductors. */
export function createConductorMetrics(registry: Registry) {
  const registers = [registry]
  return {
    conductors: new Gauge({ name: 'foyer_conductors', help: 'Conductors that this process runs', registers }),
    claims: new Counter({
      name: 'foyer_lease_claims_total',
      help: 'Attempts to take a lease: what it was before, and what came of it',
      labelNames: ['from', 'outcome'],
      registers,
    }),
    takeoverSeconds: new Histogram({
      name: 'foyer_takeover_seconds',
      help: 'Since when nobody had conducted a room when it was taken',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80],
      registers,
    }),
    selfFences: new Counter({
      name: 'foyer_self_fences_total',
      help: 'Conductors that stood still because their lease was not renewed in time',
      registers,
    }),
    staleCommits: new Counter({
      name: 'foyer_stale_commits_total',
      help: 'Commands of conductors that the log refused because of a newer epoch',
      registers,
    }),
    epochs: new Counter({ name: 'foyer_epochs_total', help: 'Epochs that conductors began', registers }),
    loopLag: new Histogram({
      name: 'foyer_loop_lag_seconds',
      help: 'How late the event loop was, twice a second',
      buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  }
}
export type ConductorMetrics = ReturnType<typeof createConductorMetrics>
