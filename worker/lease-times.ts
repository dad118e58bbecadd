import type { Env } from '../server/env.ts'
import type { LeaseTimes } from '../server/store/leases.ts'

/** A lease's own row lives for so many leases: what counts is its worker's heartbeat. */
const ROW_LEASES = 12

type LeaseEnv = Pick<Env, 'LEASE_MS' | 'LEASE_GRACE_MS' | 'LEASE_OP_MS' | 'NEVER_STARTED_MS'>

/** The times of leases as the settings are. */
export const leaseTimesOf = (env: LeaseEnv): LeaseTimes => ({
  leaseMs: env.LEASE_MS,
  rowMs: ROW_LEASES * env.LEASE_MS,
  graceMs: env.LEASE_GRACE_MS,
  opMs: env.LEASE_OP_MS,
  neverStartedMs: env.NEVER_STARTED_MS,
  startHoldMs: env.LEASE_MS,
})
