/** Where a test may have a process die (env FAILPOINT). */
export const FAILPOINTS = ['afterClaim', 'beforeCommit', 'afterCommitBeforeAck', 'midRelease'] as const
export type FailpointName = (typeof FAILPOINTS)[number]

/** `die`: ends the process as kill -9 does, and does not return. */
export interface Failpoint {
  at: FailpointName
  die: () => void
}

/** Tells of each place that is passed. */
export const failpointOf =
  (failpoint: Failpoint | undefined) =>
  (name: FailpointName): void => {
    if (failpoint?.at === name) failpoint.die()
  }
export type Passes = ReturnType<typeof failpointOf>
