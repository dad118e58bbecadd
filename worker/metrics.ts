import { Counter, Gauge, Histogram, Registry } from 'prom-client'

const counters =
  (registry: Registry) =>
  <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Counter({ name: `foyer_${name}`, help, labelNames, registers: [registry] })

/** What whoever writes logs of rooms counts. */
const ofLogs = (registry: Registry) => {
  const counter = counters(registry)
  return {
    conflicts: counter('conflicts_total', 'Writes that lost a race, by unique index', ['index']),
    unsound: counter('unsound_rooms_total', 'Rooms whose log did not fold: each is an incident'),
  }
}

/** The worker's Prometheus series. */
export function createWorkerMetrics() {
  const registry = new Registry()
  const registers = [registry]
  const counter = counters(registry)
  return {
    registry,
    ...ofLogs(registry),
    swept: counter('swept_total', 'Documents removed by the sweep, by kind', ['kind']),
    sweepSeconds: new Histogram({ name: 'foyer_sweep_duration_seconds', help: 'Time of one sweep', registers }),
    eventsDeleted: counter('events_deleted_total', 'Documents of room logs that retention removed'),
    roomsClosed: counter('rooms_closed_total', 'Rooms that were closed because nobody used them'),
    snapshotsRepaired: counter('snapshots_repaired_total', 'Snapshots that no other process had kept'),
    tombstonesBuried: counter('tombstones_buried_total', 'Tombstones that were left to TTL, their log being gone'),
    reaped: counter('rooms_reaped_total', 'Evanescent rooms that were ended for lack of a conductor', ['reason']),
    dutiesDone: counter('duties_swept_total', 'Documents whose consequences were left to the sweep, and are done'),
    leases: new Gauge({
      name: 'foyer_leases',
      help: 'Leases of quizconductors by status (counted at the scrape)',
      labelNames: ['status'],
      registers,
    }),
    childExits: counter('child_exits_total', 'Processes of conductors that ended unasked, by how', ['how']),
    childrenStuck: counter('children_stuck_total', 'Processes of conductors that were killed for standing still'),
    failures: counter('sweep_failures_total', 'Sweeps that failed'),
  }
}
export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>

/** The series of a process that runs conductors, which add theirs to the registry. */
export function createChildMetrics() {
  const registry = new Registry()
  return { registry, ...ofLogs(registry) }
}
