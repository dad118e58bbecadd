import type { Json } from '../../../shared/json.ts'
import type { Actor, Decider } from '../../../shared/log/decider.ts'
import type { QuizCommand } from '../../../shared/quiz/commands.ts'
import type { QuizEvent } from '../../../shared/quiz/events.ts'
import type { QuizState } from '../../../shared/quiz/state.ts'
import { type Rule, RuleError } from '../../../shared/rules.ts'
import type { Random } from '../../room/random.ts'
import type { Doc, SimLog } from './log.ts'
import type { Timeline } from './timeline.ts'

export interface Cluster {
  log: SimLog
  time: Timeline
  random: Random
  decider: Decider<QuizState, QuizCommand, QuizEvent>
  nodes: Node[]
  /** How many things have got an id. */
  ids: number
}

export interface Sent {
  id: string
  command: QuizCommand
  actor: Actor
  /** Under which epoch a conductor believes to act. */
  epoch?: number
}

export type Reply = { rule: Rule } | { result: Json }
interface Waiting extends Sent {
  received: number
  reply: (reply: Reply) => void
}

/** One process: folds the log, perhaps late, and puts commands into it by one insert each; who loses a slot decides again. */
export class Node {
  state: QuizState | null = null
  seq = 0
  /** Nothing happens in it until then (SIGSTOP); inserts that are on their way land all the same. */
  pausedUntil = 0
  dead = false
  onChange: () => void = () => {}
  #folded = 0
  #queue: Waiting[] = []
  #isBusy = false
  #inserts = 0

  constructor(
    readonly name: string,
    readonly cluster: Cluster,
  ) {}

  send(sent: Sent, reply: (reply: Reply) => void = () => {}): void {
    this.#queue.push({ ...sent, received: this.cluster.time.now, reply })
    if (!this.#isBusy) this.#next()
  }

  /** Runs something in this process: later if it is paused, never if it is dead. */
  after(ms: number, run: () => void): void {
    this.cluster.time.after(ms, () => {
      if (this.dead) return
      const left = this.pausedUntil - this.cluster.time.now
      if (left > 0) this.after(left, run)
      else run()
    })
  }

  /** Folds all that is in the log. */
  catchUp(): void {
    const { docs } = this.cluster.log
    const before = this.seq
    for (let doc = docs[this.#folded]; doc !== undefined; doc = docs[++this.#folded])
      for (const text of doc.texts) this.state = this.cluster.decider.evolve(this.state, JSON.parse(text), ++this.seq)
    if (this.seq !== before) this.onChange()
  }

  #next(): void {
    const waiting = this.#queue.shift()
    this.#isBusy = waiting !== undefined
    if (waiting !== undefined) this.#attempt(waiting, false)
  }

  #done(waiting: Waiting, reply: Reply): void {
    waiting.reply(reply)
    this.#next()
  }

  /** `isRead`: the tail was read after the command came, so that a refusal may be told (room-log.md 4). */
  #attempt(waiting: Waiting, isRead: boolean): void {
    const { log, decider, time } = this.cluster
    const known = isRead ? log.command(waiting.id) : null
    if (known !== null) return this.#done(waiting, { result: known.result })
    const now = Math.max(waiting.received, this.state?.at ?? 0)
    const decision = decider.decide(this.state, waiting.command, { now, actor: waiting.actor })
    if (!(decision instanceof RuleError)) {
      const doc: Doc = {
        insert: `${this.name}:${this.#inserts++}`,
        id: waiting.id,
        seq: this.seq + 1,
        texts: decision.events.map((event) => JSON.stringify(event)),
        result: decision.result,
        node: this.name,
        epoch: waiting.epoch ?? null,
      }
      return time.after(this.#latency(), () => this.#arrive(waiting, doc))
    }
    if (isRead) return this.#done(waiting, { rule: decision.rule })
    this.after(this.#latency(), () => {
      this.catchUp()
      this.#attempt(waiting, true)
    })
  }

  /** The insert reaches the primary, even of a process that has died since. Its acknowledgement may be lost: the same again. */
  #arrive(waiting: Waiting, doc: Doc): void {
    const { log, random, nodes } = this.cluster
    const again = () => this.after(random.below(400), () => this.#arrive(waiting, doc))
    if (random.chance(0.02)) return again()
    const outcome = log.insert(doc)
    if (outcome === 'accepted') for (const node of nodes) node.after(this.#latency(), () => node.catchUp())
    if (random.chance(0.03)) return again()
    this.after(this.#latency(), () => {
      this.catchUp()
      if (outcome === 'taken') this.#attempt(waiting, false)
      else this.#done(waiting, { result: log.command(doc.id)?.result ?? null })
    })
  }

  #latency(): number {
    const { random } = this.cluster
    return random.chance(0.03) ? 100 + random.below(2_000) : 1 + random.below(20)
  }
}
