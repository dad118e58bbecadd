import { Counter, Histogram, Registry } from 'prom-client'

/** The worker's Prometheus series. */
export function createWorkerMetrics() {
  const registry = new Registry()
  const registers = [registry]
  const counter = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Counter({ name: `foyer_${name}`, help, labelNames, registers })
  return {
    registry,
    swept: new Counter({
      name: 'foyer_swept_total',
      help: 'Documents removed by the sweep, by kind',
      labelNames: ['kind'],
      registers,
    }),
    sweepSeconds: new Histogram({ name: 'foyer_sweep_duration_seconds', help: 'Time of one sweep', registers }),
    eventsDeleted: counter('events_deleted_total', 'Documents of room logs that retention removed'),
    roomsClosed: counter('rooms_closed_total', 'Rooms that were closed because nobody used them'),
    snapshotsRepaired: counter('snapshots_repaired_total', 'Snapshots that no other process had kept'),
    tombstonesBuried: counter('tombstones_buried_total', 'Tombstones that were left to TTL, their log being gone'),
    reaped: counter('conductors_lost_total', 'Evanescent rooms that were ended without their conductor, by reason', [
      'reason',
    ]),
    dutiesDone: counter('duties_swept_total', 'Documents whose consequences were left to the sweep'),
    childExits: counter('conductor_process_exits_total', 'Processes of conductors that ended unasked, by how', ['how']),
    childrenStuck: counter(
      'conductor_processes_stuck_total',
      'Processes of conductors that were killed, their loop being stuck',
    ),
    conflicts: counter('conflicts_total', 'Writes that lost a race, by unique index', ['index']),
    unsound: counter('unsound_rooms_total', 'Rooms whose log did not fold: each is an incident'),
    failures: new Counter({ name: 'foyer_sweep_failures_total', help: 'Sweeps that failed', registers }),
  }
}
export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>
