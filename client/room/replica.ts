import type { Actor } from '../../shared/log/decider.ts'
import type { Logged } from '../../shared/log/logged.ts'
import { applyOperations } from '../../shared/room/apply.ts'
import { roomDecider } from '../../shared/room/decider.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { rebaseOperations } from '../../shared/room/rebase.ts'
import type { RoomEvent, RoomState } from '../../shared/room/state.ts'
import { isEqual } from '../../shared/room/values.ts'
import { RuleError } from '../../shared/rules.ts'
import { apply, carry, type Edits, type Refusal, unmoved, without } from './carry.ts'
import { type Command, takesIn, type Wire } from './command.ts'
import { History, movesIndices, type Step } from './history.ts'
import { inverseOf } from './inverse.ts'
import { type Base, type Part, partOf } from './part.ts'

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

/** Own command ids that are remembered, to know their events by. */
const REMEMBERED = 512

/**
 * A room as one client sees it: `confirmed`, which is the log folded with the server's own code, and on top of it the own
 * commands that are not in the log yet. Pure: ids, time and the network are the caller's.
 */
export class Replica {
  confirmed: RoomState
  /** In the order in which they are sent. */
  commands: readonly Command[] = []
  readonly history = new History()
  readonly actor: Actor
  #view: Base
  /** The version that the commands stand on: behind `confirmed` until the events between are known (commands of the page before). */
  #at: number
  /** Others' edits that the commands are still to be carried over, and the data that they stand on; null: not known. */
  #foreign: { edits: (readonly Operation[])[]; old: Base | null } | null = null
  readonly #own = new Set<string>()

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
  /** The version after which events are wanted. */
  get at(): number {
    return this.#at
  }

  /** Puts the commands of the page before on top, which stand on that version; `fold` what came since, then they show. */
  resume(commands: readonly Command[], at: number): void {
    this.commands = commands
    for (const { id } of commands) this.#own.add(id)
    this.#at = Math.min(at, this.confirmed.seq)
    if (this.#at === this.confirmed.seq) this.#refresh()
  }

  /** Applies an edit to the view. Errors: those that the server would give for it now. */
  edit(operations: readonly Operation[], { id, now, ifVersion, reverses }: EditOptions): Part | RuleError {
    const decided = roomDecider.decide(this.view, { type: 'edit', operations }, { now, actor: this.actor })
    if (decided instanceof RuleError) return decided
    if (ifVersion !== undefined && ifVersion < this.confirmed.seq)
      return new RuleError('version-conflict', { version: this.confirmed.seq })
    const before = this.#view.data
    const part = partOf(operations)
    this.#view = apply(this.#view, [part])
    const [event] = decided.events
    part.applied = event?.type === 'data.edited' ? event.operations : []
    part.step = this.#remember(part, inverseOf(before, part.applied), reverses)
    this.#enqueue(part, { id, ifVersion })
    return part
  }

  #remember({ applied }: Part, inverse: readonly Operation[], reverses: EditOptions['reverses']): Step {
    if (reverses === undefined) return this.history.did(inverse, applied)
    return this.history.reversed(reverses.kind, { taken: reverses.taken, inverse, applied })
  }

  #enqueue(part: Part, { id, ifVersion }: Pick<EditOptions, 'id' | 'ifVersion'>): void {
    const last = this.commands.at(-1)
    if (last !== undefined && ifVersion === undefined && takesIn(last, part)) {
      last.parts = [...last.parts, part]
      return
    }
    const command: Command = {
      id: id(),
      parts: [part],
      ifVersion,
      wire: null,
      base: null,
      acked: null,
      isHidden: false,
    }
    this.#own.add(command.id)
    for (const old of this.#own) {
      if (this.#own.size <= REMEMBERED) break
      this.#own.delete(old)
    }
    this.commands = [...this.commands, command]
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
      const mine = this.commands.find(({ id }) => id === event.command)
      folded.push({ event, seq, own: mine !== undefined || this.#own.has(event.command) })
      if (mine !== undefined && !mine.isHidden) refused.push(...this.#before(mine))
      const before = this.confirmed
      const isNew = seq > before.seq
      this.#at = seq
      if (mine === undefined || mine.isHidden) this.#meet(event, isNew ? before : null)
      if (isNew) this.confirmed = roomDecider.evolve(before, event, seq)
      if (mine !== undefined) this.#landed(mine, before.data)
    }
    if (this.#at === this.confirmed.seq) refused.push(...this.#refresh())
    return { folded, refused }
  }

  /** All of the room anew. What came between is not known, unless it was nothing but the command that `after` names. */
  reset(state: RoomState, after: Command | null = null): Refusal[] {
    if (state.seq < this.confirmed.seq || (state.seq === this.confirmed.seq && this.#at === state.seq)) return []
    const isKnown = after !== null && after.acked === state.seq && this.#at === state.seq - 1
    const refused = isKnown ? [] : this.#leap(state)
    if (after !== null && isKnown) this.commands = this.commands.filter((command) => command !== after)
    this.confirmed = state
    this.#at = state.seq
    this.#foreign = null
    refused.push(...this.#refresh())
    return refused
  }

  /** The server did it. */
  acknowledge(command: Command, version: number): void {
    command.acked = version
    if (version > this.#at) return
    this.commands = this.commands.filter((other) => other !== command)
    this.#refresh()
  }

  /** The server did not do these parts of a command, and will not. Gives those that fall with them, since they were built on them. */
  refuse(command: Command, gone: readonly Part[]): Refusal[] {
    const refused: Refusal[] = []
    for (const part of gone) {
      const left = command.isHidden ? null : without(this.#chain, part, this.confirmed)
      this.#forget(command, part)
      refused.push(...this.#drop(left?.refused ?? []))
    }
    command.wire = null
    return [...refused, ...this.#refresh()]
  }

  /** Parts that could not be done together go on one by one; the first keeps the id, so that a late copy of the whole cannot act too. */
  split(command: Command, id: () => string): void {
    const [first, ...others] = command.parts
    if (first === undefined) return
    const alone = others.map((part): Command => ({ ...command, id: id(), parts: [part], wire: null, acked: null }))
    for (const one of alone) this.#own.add(one.id)
    command.parts = [first]
    command.wire = null
    this.commands = this.commands.flatMap((other) => (other === command ? [command, ...alone] : [other]))
  }

  get #chain(): Part[] {
    return this.commands.filter(({ isHidden }) => !isHidden).flatMap(({ parts }) => [...parts])
  }

  /** Somebody else's event, or one whose command was not in the view. */
  #meet(event: RoomEvent, old: Base | null): void {
    if (event.type !== 'data.edited') return
    this.#foreign ??= { edits: [], old }
    this.#foreign.edits.push(event.operations)
  }

  /** The commands are brought to where an own event begins. */
  #before(mine: Command): Refusal[] {
    if (this.#at >= this.confirmed.seq) return this.#carry()
    // Of the page before: the data at this point is not known, so only what has no index is sure to mean the same.
    const later = this.#chain.filter((part) => !mine.parts.includes(part))
    const refused = this.#foreign === null ? [] : unmoved(later, this.confirmed.data).refused
    this.#foreign = null
    return this.#drop(refused)
  }

  #carry(): Refusal[] {
    const foreign = this.#foreign
    this.#foreign = null
    if (foreign === null) return []
    const chain = this.#chain
    for (const edit of this.#seenAs(foreign.edits, chain)) this.history.changed(edit)
    return this.#drop(carry(chain, foreign.edits, { old: foreign.old, now: this.confirmed }).refused)
  }

  /** What others' edits are to who sees them after the own ones. */
  #seenAs(edits: Edits, chain: readonly Part[]): Edits {
    if (chain.length === 0) return edits
    const seen = rebaseOperations(
      edits.flat(),
      chain.map(({ applied }) => applied),
      this.#view.data,
    )
    const done = seen instanceof RuleError ? seen : applyOperations(this.#view.data, seen)
    if (!(done instanceof RuleError)) return [done.operations]
    this.history.lost()
    return []
  }

  /** An own command's event: it is part of the confirmed room, and no longer on top of it. */
  #landed(command: Command, before: RoomState['data']): void {
    this.commands = this.commands.filter((other) => other !== command)
    let data = before
    const later = this.#chain.map(({ applied }) => applied)
    command.parts.forEach((part, nth) => {
      const done = applyOperations(data, part.operations)
      if (done instanceof RuleError) return
      const over = [...command.parts.slice(nth + 1).map(({ applied }) => applied), ...later]
      const inverse = part.wasCarried && rebaseOperations(inverseOf(data, done.operations), over, this.#view.data)
      if (part.step !== null && inverse !== false && !(inverse instanceof RuleError))
        this.history.corrected(part.step, inverse)
      data = done.data
    })
  }

  /** The commands stand on a version between which and the new one something is not known. */
  #leap(state: RoomState): Refusal[] {
    this.history.lost()
    this.commands = this.commands.filter(({ acked }) => acked === null || acked > state.seq)
    const [first] = this.commands
    for (const command of this.commands) {
      if (command.wire !== null) command.isHidden = true
      else if (command === first && unmoved(command.parts, state.data).refused.length > 0) {
        // Nothing is on its way: the server knows what came between, and carries it.
        command.base ??= this.#at
        command.isHidden = true
      }
    }
    return this.#drop(unmoved(this.#chain, state.data).refused)
  }

  /** The view anew. */
  #refresh(): Refusal[] {
    const refused = this.#carry()
    for (;;) {
      const chain = this.#chain
      const { failed, error, ...shown } = apply(this.confirmed, chain)
      const part = failed === null ? undefined : chain[failed]
      if (part === undefined || error === null) {
        // The same data stays the same object, so that nobody draws it again.
        this.#view = isEqual(this.#view.data, shown.data) ? { ...shown, data: this.#view.data } : shown
        return refused
      }
      refused.push(...this.#drop([{ part, error }]))
    }
  }

  /** Takes refused parts out of their commands. One that is on its way is only hidden: the server has the word. */
  #drop(all: readonly Refusal[]): Refusal[] {
    const told: Refusal[] = []
    const queue = [...all]
    for (const refusal of queue) {
      const command = this.commands.find(({ parts }) => parts.includes(refusal.part))
      if (command === undefined || command.isHidden) continue
      if (command.wire === null) {
        this.#forget(command, refusal.part)
        told.push(refusal)
        continue
      }
      const out = new Set(queue.map(({ part }) => part))
      let chain: readonly Part[] = this.#chain.filter((part) => !out.has(part))
      for (const sibling of command.parts.filter((part) => !out.has(part)).toReversed()) {
        const left = without(chain, sibling, this.confirmed)
        chain = left.rest
        queue.push(...left.refused)
      }
      command.isHidden = true
      if (command.parts.some(({ applied }) => applied.some(movesIndices))) this.history.lost()
    }
    return told
  }

  #forget(command: Command, gone: Part): void {
    command.parts = command.parts.filter((part) => part !== gone)
    if (command.parts.length === 0) this.commands = this.commands.filter((other) => other !== command)
    if (gone.step !== null) this.history.forget(gone.step)
    if (gone.applied.some(movesIndices)) this.history.lost()
  }
}
