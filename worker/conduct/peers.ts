import type { WorkerStore } from '../../server/store/workers.ts'
import type { Identity } from './run.ts'

/** A process that has not been heard of for so many renewals is not counted with. */
const MISSED = 3

export interface PeersParts {
  workers: WorkerStore
  identity: Identity
  renewMs: number
  load: () => number
  isDraining: () => boolean
}

/** The processes that take leases at present, this one among them, which tells that it is there. */
export function createPeers({ workers, identity, renewMs, load, isDraining }: PeersParts) {
  const { worker, host, supervisor, pid = 0 } = identity
  let live: readonly string[] = [worker]

  /** Hears who else is there: for balance only. */
  const meet = async (): Promise<void> => {
    const rows = await workers.list({ withinMs: MISSED * renewMs })
    live = [worker, ...rows.filter((row) => !row.draining && row._id !== worker).map((row) => row._id)]
  }

  return {
    enroll: () => workers.enroll({ worker, host, supervisor, pid }),
    /** Says that this one is there; false: too late, it has to enroll again. */
    beat: () => workers.renew({ worker, load: load(), draining: isDraining() }),
    meet,
    leave: () => workers.leave(worker),
    live: () => live,
  }
}
