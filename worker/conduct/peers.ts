import type { WorkerStore } from '../../server/store/workers.ts'
import type { Ticks } from './lease.ts'
import type { Identity } from './run.ts'

/** A process that has not been heard of for so many renewals is not counted with. */
const MISSED = 3

export interface PeersParts {
  workers: WorkerStore
  identity: Identity
  renewMs: number
  /** After how long without an answer a process stands still, ms. */
  deadlineMs: number
  ticks: Ticks
  /** It was lost, and begins anew. */
  onLost: () => void
  load: () => number
  isDraining: () => boolean
}

/** The processes that take leases at present, this one among them, which tells that it is there. */
export function createPeers(parts: PeersParts) {
  const { workers, identity, renewMs, deadlineMs, ticks } = parts
  const { worker, host, supervisor, pid = 0 } = identity
  let live: readonly string[] = [worker]
  let answeredAt = ticks.mono()
  let isEnrolled = false

  /** Hears who else is there: for balance only. */
  const meet = async (): Promise<void> => {
    const rows = await workers.list({ withinMs: MISSED * renewMs })
    live = [
      worker,
      ...rows.filter(({ _id, draining, lost }) => !draining && lost !== true && _id !== worker).map((row) => row._id),
    ]
  }

  const enroll = async (): Promise<void> => {
    await workers.enroll({ worker, host, supervisor, pid })
    isEnrolled = true
  }

  /** Says that this one is there. */
  const beat = async (): Promise<void> => {
    // Who is heard and hears nothing must not be thought well: it says no more before it has heard something.
    if (ticks.mono() - answeredAt > deadlineMs) await meet()
    const inTime = await workers.renew({ worker, load: parts.load(), draining: parts.isDraining() })
    if (!inTime) {
      // First of all: a reply that is given up may yet come.
      parts.onLost()
      await enroll()
    }
    answeredAt = ticks.mono()
  }

  return {
    enroll,
    /** It has a row: by that it is found lost, and until then it may take nothing. */
    isEnrolled: () => isEnrolled,
    beat,
    meet,
    leave: () => workers.leave(worker),
    live: () => live,
  }
}
