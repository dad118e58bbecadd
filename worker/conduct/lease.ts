/** The two clocks of a process. Neither is ever compared with another process's. */
export interface Ticks {
  /** ms, monotonic; may stand still while the machine is suspended. */
  mono: () => number
  /** ms, of the day; may jump. */
  wall: () => number
}
export const TICKS: Ticks = { mono: () => performance.now(), wall: () => Date.now() }

/** When a request was sent. */
export interface Sent {
  mono: number
  wall: number
}
export const stampOf = ({ mono, wall }: Ticks): Sent => ({ mono: mono(), wall: wall() })

export interface HeldLeaseOptions {
  epoch: number
  claim: string
  /** When the claim was sent. */
  sent: Sent
  /** How long after the sending of the last good renewal it counts, ms: less than the lease, which mongod counts from later on. */
  deadlineMs: number
  ticks: Ticks
}

/**
 * One epoch of a lease, as its holder knows it (leases-quiz.md 6.5). `isValid` asks nobody: whoever would act under the lease looks here
 * first, in each timer and after each wait, since any of them may have taken longer than the lease.
 */
export class HeldLease {
  readonly epoch: number
  readonly claim: string
  readonly #deadlineMs: number
  readonly #ticks: Ticks
  #sent: Sent
  #isLost = false

  constructor({ epoch, claim, sent, deadlineMs, ticks }: HeldLeaseOptions) {
    this.epoch = epoch
    this.claim = claim
    this.#sent = sent
    this.#deadlineMs = deadlineMs
    this.#ticks = ticks
  }

  /** By whichever clock says that more time has passed: one stands still while suspended, the other one may be set. */
  isValid(): boolean {
    const { mono, wall } = this.#ticks
    const age = Math.max(mono() - this.#sent.mono, wall() - this.#sent.wall)
    return !this.#isLost && age < this.#deadlineMs
  }

  /** A renewal that was sent then has been confirmed. */
  renewed(sent: Sent): void {
    if (sent.mono > this.#sent.mono) this.#sent = sent
  }

  /** It is another's by now: never valid again. */
  lose(): void {
    this.#isLost = true
  }
}
