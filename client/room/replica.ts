import type { Actor } from '../../shared/log/decider.ts'
import type { Logged } from '../../shared/log/logged.ts'
import { roomDecider } from '../../shared/room/decider.ts'
import type { Operation } from '../../shared/room/operations.ts'
import type { RoomEvent, RoomState } from '../../shared/room/state.ts'
import { isEqual } from '../../shared/room/values.ts'
import { RuleError } from '../../shared/rules.ts'
import { apply, carry, type Refusal, undoing, unmoved, without } from './carry.ts'
import type { Command, Wire } from './command.ts'
import { History, movesIndices, type Step } from './history.ts'
import { inverseOf } from './inverse.ts'
import { corrections, isOutcome, seenAfter } from './landing.ts'
import { type Base, type Part, partOf } from './part.ts'
import { Pending } from './pending.ts'

export interface EditOptions {
  /** The id of a command that begins with this edit. */
  id: () => string
  /** The service's time, ms. */
  now: number
  ifVersion?: number | undefined
  /** Takes back, or does again, the step that `History.take` gave. */
  reverses?: { kind: 'undo' | 'redo'; taken: Step } | undefined
}

/** An event that was folded. `own`: by a command of this open room. */
export interface Folded {
  event: Logged<RoomEvent>
  seq: number
  own: boolean
}

/**
 * A room as one client sees it: `confirmed`, which is the log folded with the server's own code, and on top of it the own
 * commands that are not in the log yet. Pure: ids, time and the network are the caller's.
 */
export class Replica {
  confirmed: RoomState
  readonly actor: Actor
  readonly history = new History()
  readonly pending = new Pending(this.history)
  #view: Base
  /** The version that the commands stand on: behind `confirmed` until the events between are known (commands of the page before). */
  #at: number
  /** Others' edits that the commands are still to be carried over, and the data that they stand on; null: not known. */
  #foreign: { edits: (readonly Operation[])[]; old: Base | null; stand: number } | null = null

  constructor(confirmed: RoomState, actor: Actor) {
    this.confirmed = confirmed
    this.actor = actor
    this.#view = confirmed
    this.#at = confirmed.seq
  }

  /** The room with the own edits in it. */
  get view(): RoomState {
    return { ...this.confirmed, ...this.#view }
  }
  /** The version that the operations of commands in the view were made on, or have been carried to. */
  get stand(): number {
    return this.#foreign?.stand ?? this.#at
  }
  /** The version after which events are wanted. */
  get at(): number {
    return this.#at
  }

  /** Takes on the commands of the page before, which stand on that version. They show once `fold` has brought what came since. */
  resume(commands: readonly Command[], at: number): Refusal[] {
    this.pending.add(commands)
    this.#at = Math.min(at, this.confirmed.seq)
    return this.#at === this.confirmed.seq ? this.#refresh() : []
  }

  /** Applies an edit to the view. Errors: those that the server would give for it now. */
  edit(operations: readonly Operation[], { id, now, ifVersion, reverses }: EditOptions): Part | RuleError {
    const decided = roomDecider.decide(this.view, { type: 'edit', operations }, { now, actor: this.actor })
    if (decided instanceof RuleError) return decided
    if (ifVersion !== undefined && ifVersion < this.confirmed.seq)
      return new RuleError('version-conflict', { version: this.confirmed.seq })
    const before = this.#view
    const part = partOf(operations)
    const [event] = decided.events
    part.applied = event?.type === 'data.edited' ? event.operations : []
    const { data, bytes } = apply(before, [part])
    this.#view = { data, bytes }
    const inverse = inverseOf(before.data, part.applied)
    const { applied } = part
    part.step =
      reverses === undefined
        ? this.history.did(inverse, applied)
        : this.history.reversed(reverses.kind, { taken: reverses.taken, inverse, applied })
    this.pending.enqueue(part, { id, ifVersion })
    return part
  }

  /** The command is about to be sent: from now on it stays as it is. */
  seal(command: Command): Wire {
    const operations = command.parts.flatMap((part) => part.operations)
    const { ifVersion, base } = command
    command.wire ??= ifVersion === undefined ? { operations, base: base ?? this.#at } : { operations, ifVersion }
    return command.wire
  }

  /** Folds events that follow; null: they do not follow, something is missing before them. */
  fold(events: readonly Logged<RoomEvent>[], from: number): { folded: Folded[]; refused: Refusal[] } | null {
    const folded: Folded[] = []
    const refused: Refusal[] = []
    if (from > this.#at + 1) return null
    for (const [nth, event] of events.entries()) {
      const seq = from + nth
      if (seq <= this.#at) continue
      const mine = this.pending.find(event.command)
      folded.push({ event, seq, own: this.pending.isOwn(event.command) })
      if (mine !== undefined && !mine.isHidden) refused.push(...this.#before(mine, event))
      const before = this.confirmed
      const isNew = seq > before.seq
      if (mine === undefined || mine.isHidden) this.#meet(event, isNew ? before : null)
      this.#at = seq
      if (isNew) this.confirmed = roomDecider.evolve(before, event, seq)
      if (mine !== undefined) this.#landed(mine, before)
    }
    if (this.#at === this.confirmed.seq) refused.push(...this.#refresh())
    return { folded, refused }
  }

  /** All of the room anew. What came between is not known, unless it was nothing but the command that `after` names. */
  reset(state: RoomState, after: Command | null = null): Refusal[] {
    if (state.seq < this.confirmed.seq || this.#at === state.seq) return []
    const isKnown = after?.acked === state.seq && !after.isHidden && this.#at === state.seq - 1
    const refused = isKnown ? [] : this.#leap(state)
    if (after !== null && isKnown) this.pending.end(after)
    this.confirmed = state
    this.#at = state.seq
    this.#foreign = null
    return [...refused, ...this.#refresh()]
  }

  /** The server did it. */
  acknowledge(command: Command, version: number): void {
    command.acked = version
    if (version > this.#at) return
    this.pending.end(command)
    this.#refresh()
  }

  /** The server did not do these parts of a command, and will not. Gives those that fall with them, since they were built on them. */
  refuse(command: Command, gone: readonly Part[]): Refusal[] {
    const refused: Refusal[] = []
    command.wire = null
    for (const part of gone) {
      if (command.isHidden) refused.push(...this.#refuseHidden(command, part))
      else {
        this.#takeOff(part)
        const left = without(this.pending.chain, part, this.confirmed)
        this.pending.forget(command, part)
        refused.push(...this.#drop(left.refused))
      }
    }
    return [...refused, ...this.#refresh()]
  }

  /** What it is to the view that a part goes: the own edits of before can still be taken back after it. */
  #takeOff(part: Part): void {
    const { chain } = this.pending
    const at = chain.indexOf(part)
    const back = undoing(apply(this.confirmed, chain.slice(0, at)).data, part)
    this.history.refused(part.step, seenAfter(back, chain.slice(at + 1), this.#view.data).flat())
  }

  /** The data that its other parts stand on is not known any more: who has an index behind it cannot stay. */
  #refuseHidden(command: Command, gone: Part): readonly Refusal[] {
    const later = command.parts.slice(command.parts.indexOf(gone) + 1)
    this.pending.forget(command, gone)
    if (!gone.applied.some(movesIndices)) return []
    const { refused } = unmoved(later, this.confirmed.data)
    for (const { part } of refused) this.pending.forget(command, part)
    return refused
  }

  /** An edit that was just made is taken off again. */
  withdraw(part: Part): void {
    const command = this.pending.commands.find(({ parts }) => parts.includes(part))
    if (command !== undefined) this.refuse(command, [part])
  }

  /** Somebody else's event, or one whose command was not in the view. */
  #meet(event: RoomEvent, old: Base | null): void {
    if (event.type !== 'data.edited') return
    this.#foreign ??= { edits: [], old, stand: this.#at }
    this.#foreign.edits.push(event.operations)
  }

  /** The commands are brought to where an own event begins. */
  #before(mine: Command, event: RoomEvent): Refusal[] {
    if (this.#at >= this.confirmed.seq) {
      const refused = this.#carry()
      // The server carries a command in one go, from where it was sent, and has the word.
      if (mine.isHidden || isOutcome(event, apply(this.confirmed, mine.parts))) return refused
      return [...refused, ...this.#drop(this.pending.hide(mine, this.confirmed))]
    }
    // Of the page before: the data at this point is not known, so only what has no index is sure to mean the same.
    const later = this.pending.chain.filter((part) => !mine.parts.includes(part))
    const refused = this.#foreign === null ? [] : unmoved(later, this.confirmed.data).refused
    this.#foreign = null
    return this.#drop(refused)
  }

  #carry(): Refusal[] {
    const foreign = this.#foreign
    this.#foreign = null
    if (foreign === null) return []
    const { chain } = this.pending
    for (const edit of seenAfter(foreign.edits, chain, this.#view.data)) this.history.changed(edit)
    return this.#drop(carry(chain, foreign.edits, { old: foreign.old, now: this.confirmed }).refused)
  }

  /** An own command's event: it is part of the confirmed room, and no longer on top of it. */
  #landed(command: Command, { data }: Base): void {
    const { isHidden, parts } = command
    this.pending.end(command)
    if (isHidden || parts.every(({ step, wasCarried }) => step === null || !wasCarried)) return
    const later = this.pending.chain
    const view = apply(this.confirmed, later).data
    for (const { step, inverse } of corrections(parts, data, { later, view })) this.history.corrected(step, inverse)
  }

  /** The commands stand on a version between which and the new one something is not known. */
  #leap(state: RoomState): Refusal[] {
    this.history.lost()
    let stand: number | null = this.stand
    for (const command of this.pending.commands) {
      const { acked } = command
      if (acked === null || acked > state.seq) continue
      this.pending.end(command)
      // What stands on it stands on its version, if nothing else came before it.
      if (!command.isHidden) stand = acked - 1 === stand ? acked : null
    }
    for (const [nth, command] of this.pending.commands.entries()) {
      const isFirst = nth === 0 && stand !== null && unmoved(command.parts, state.data).refused.length > 0
      // Nothing is on its way then: the server knows what came between, and carries it.
      if (command.wire !== null || isFirst) this.pending.conceal(command, stand)
    }
    const { refused } = unmoved(this.pending.chain, state.data)
    return this.#drop(refused)
  }

  #drop(refused: readonly Refusal[]): Refusal[] {
    return this.pending.drop(refused, this.confirmed)
  }

  /** The view anew. */
  #refresh(): Refusal[] {
    // Nobody is in a room that is gone.
    if (this.confirmed.deleted !== null) return []
    const refused = this.#carry()
    for (;;) {
      const { chain } = this.pending
      const { failed, error, applied, data, bytes } = apply(this.confirmed, chain)
      applied.forEach((operations, at) => {
        const part = chain[at]
        if (part !== undefined) part.applied = operations
      })
      const part = failed === null ? undefined : chain[failed]
      if (part === undefined || error === null) {
        // The same data stays the same object, so that nobody draws it again.
        this.#view = isEqual(this.#view.data, data) ? { data: this.#view.data, bytes } : { data, bytes }
        return refused
      }
      refused.push(...this.#drop([{ part, error }]))
    }
  }
}
