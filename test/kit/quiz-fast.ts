/** Leases of seconds, so that a lost host is replaced within six: the fast profile of README "Settings". */
export const FAST = {
  LEASE_MS: '4000',
  LEASE_RENEW_MS: '1000',
  LEASE_OP_MS: '800',
  LEASE_GRACE_MS: '500',
  LEASE_SCAN_MS: '500',
}
