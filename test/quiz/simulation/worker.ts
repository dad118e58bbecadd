import type { Card } from '../../../shared/deck/cards.ts'
import type { ConductorStep } from '../../../shared/quiz/commands.ts'
import { step } from '../../../shared/quiz/conductor/step.ts'
import { WORKER } from '../memory.ts'
import { type Cluster, Node, type Reply } from './node.ts'

const LEASE_MS = 4_000
const RENEW_MS = 1_000

/** The lease document: its epoch only grows. */
export class Lease {
  epoch = 0
  holder: string | null = null
  expiresAt = 0
}

/** A worker: claims the lease when it is free, plays by `step`, and believes in its epoch until the log tells otherwise. */
export class Worker {
  readonly node: Node
  #epoch: number | null = null
  #wake = 0
  #isSending = false

  constructor(
    name: string,
    readonly cluster: Cluster,
    readonly lease: Lease,
    readonly cards: readonly Card[],
  ) {
    this.node = new Node(name, cluster)
    this.node.onChange = () => this.#look()
    this.#tick()
  }

  #tick(): void {
    this.node.after(RENEW_MS / 2 + this.cluster.random.below(RENEW_MS), () => {
      this.#keepLease()
      this.#tick()
    })
  }

  /** A holder that was paused renews nothing but goes on: its own clock is not asked here, so that only the fence stops it. */
  #keepLease(): void {
    const { lease, node } = this
    const { now } = this.cluster.time
    if (lease.holder === node.name && lease.epoch === this.#epoch) lease.expiresAt = now + LEASE_MS
    const { state } = node
    if (state === null || state.ended !== null || state.conductor.payload === null) return
    if (lease.expiresAt > now) return
    const isHandedOver = state.conductor.holder === null && state.conductor.epoch === lease.epoch
    if (state.kind === 'GroupEvanescent' && lease.epoch > 0 && !isHandedOver && lease.holder !== node.name)
      return this.#reap()
    lease.epoch++
    lease.holder = node.name
    lease.expiresAt = now + LEASE_MS
    const { epoch } = lease
    const started = { type: 'conductorStarted', epoch, holder: node.name } as const
    this.#send(started, epoch, (reply) => {
      if ('result' in reply) this.#epoch = epoch
      this.#look()
    })
  }

  /** SIGTERM: says so in the log, then leaves the lease to the next. */
  release(): void {
    const epoch = this.#epoch
    if (epoch === null) return
    this.#epoch = null
    this.#send({ type: 'conductorReleased', epoch, why: 'handover' }, epoch, () => {
      if (this.lease.epoch === epoch) this.lease.expiresAt = 0
    })
  }

  #reap(): void {
    const epoch = this.node.state?.conductor.epoch ?? 0
    this.#send({ type: 'reap', epoch, reason: epoch === 0 ? 'never-started' : 'conductor-lost' }, null, () => {})
  }

  /** Looks at the room, and does what is due. */
  #look(): void {
    const { node } = this
    const { now } = this.cluster.time
    if (this.#epoch === null || this.#isSending || node.state === null || node.dead || node.pausedUntil > now) return
    const salt = `${node.name} ${now}`
    const move = step(node.state, { now, cards: this.cards, salt, present: null })
    if (move.step !== null) return this.#conduct(move.step, this.#epoch)
    if (move.wakeAt === null || move.wakeAt === this.#wake) return
    this.#wake = move.wakeAt
    node.after(move.wakeAt - now, () => {
      this.#wake = 0
      this.#look()
    })
  }

  #conduct(next: ConductorStep, epoch: number): void {
    this.#isSending = true
    this.#send({ type: 'conduct', epoch, step: next }, epoch, (reply) => {
      this.#isSending = false
      if ('rule' in reply && reply.rule !== 'version-conflict') {
        if (this.#epoch === epoch) this.#epoch = null
      } else this.#look()
    })
  }

  #send(command: Parameters<Node['send']>[0]['command'], epoch: number | null, reply: (reply: Reply) => void): void {
    this.node.send(
      { id: `w${this.cluster.ids++}`, command, actor: WORKER, ...(epoch === null ? {} : { epoch }) },
      reply,
    )
  }
}
