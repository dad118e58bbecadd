import { Counter, Histogram, Registry } from 'prom-client'

/** The worker's Prometheus series. */
export function createWorkerMetrics() {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    swept: new Counter({
      name: 'foyer_swept_total',
      help: 'Documents removed by the sweep, by kind',
      labelNames: ['kind'],
      registers,
    }),
    sweepSeconds: new Histogram({ name: 'foyer_sweep_duration_seconds', help: 'Time of one sweep', registers }),
    failures: new Counter({ name: 'foyer_sweep_failures_total', help: 'Sweeps that failed', registers }),
  }
}
export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>
