import { type Refusal, without } from './carry.ts'
import { type Command, takesIn } from './command.ts'
import { type History, movesIndices } from './history.ts'
import type { Base, Part } from './part.ts'

/** Own command ids that are remembered, to know their events by. */
const REMEMBERED = 512

/** The own commands that are not in the log yet, in the order in which they are sent. */
export class Pending {
  commands: readonly Command[] = []
  readonly #history: History
  readonly #own = new Set<string>()

  constructor(history: History) {
    this.#history = history
  }

  /** The parts that the view has, in order. */
  get chain(): Part[] {
    return this.commands.filter(({ isHidden }) => !isHidden).flatMap(({ parts }) => [...parts])
  }

  isOwn(id: string): boolean {
    return this.#own.has(id)
  }
  find(id: string): Command | undefined {
    return this.commands.find((command) => command.id === id)
  }

  /** Parts that the server has not answered. */
  get waiting(): number {
    return this.commands.reduce((sum, { acked, parts }) => sum + (acked === null ? parts.length : 0), 0)
  }

  /** A part goes with the last command, or begins one. */
  enqueue(part: Part, { id, ifVersion }: { id: () => string; ifVersion?: number | undefined }): void {
    const last = this.commands.at(-1)
    if (last !== undefined && ifVersion === undefined && takesIn(last, part)) last.parts = [...last.parts, part]
    else this.add([{ id: id(), parts: [part], ifVersion, wire: null, base: null, acked: null, isHidden: false }])
  }

  add(commands: readonly Command[]): void {
    for (const { id } of commands) this.#remember(id)
    this.commands = [...this.commands, ...commands]
  }

  /** It is in the log, or came to nothing. */
  end(gone: Command): void {
    this.commands = this.commands.filter((command) => command !== gone)
  }

  /** A command that is sent without being in the view is an own one, too. */
  note(id: string): void {
    this.#remember(id)
  }

  /** Another id for a command that was not done under its own, and never will be. */
  rename(command: Command, id: string): void {
    command.id = id
    this.#remember(id)
  }

  /** Its parts go on one by one; the first keeps the id, so that a late copy of the whole cannot act too. */
  split(command: Command, id: () => string): void {
    const [first, ...others] = command.parts
    if (first === undefined) return
    const alone = others.map((part): Command => ({ ...command, id: id(), parts: [part], wire: null, acked: null }))
    for (const one of alone) this.#remember(one.id)
    command.parts = [first]
    command.wire = null
    this.commands = this.commands.flatMap((other) => (other === command ? [command, ...alone] : [other]))
  }

  /** A part came to nothing. */
  forget(command: Command, gone: Part): void {
    command.parts = command.parts.filter((part) => part !== gone)
    if (command.parts.length === 0) this.end(command)
    if (gone.step !== null) this.#history.forget(gone.step)
  }

  /**
   * Takes refused parts out of their commands, and tells which. A command that is on its way is only hidden: the server has the
   * word. `base` is what the others stand on.
   */
  drop(all: readonly Refusal[], base: Base): Refusal[] {
    const queue = [...all]
    const told: Refusal[] = []
    for (const refusal of queue) {
      const command = this.commands.find(({ parts }) => parts.includes(refusal.part))
      if (command === undefined || command.isHidden) continue
      if (command.wire === null) {
        this.forget(command, refusal.part)
        if (refusal.part.applied.some(movesIndices)) this.#history.lost()
        told.push(refusal)
      } else queue.push(...this.hide(command, base, new Set(queue.map(({ part }) => part))))
    }
    return told
  }

  /** Takes a command out of the view, of which the parts `out` are refused; gives what falls with it. */
  hide(command: Command, base: Base, out: ReadonlySet<Part> = new Set()): Refusal[] {
    const refused: Refusal[] = []
    let chain: readonly Part[] = this.chain.filter((part) => !out.has(part))
    for (const part of command.parts.filter((one) => !out.has(one)).toReversed()) {
      const left = without(chain, part, base)
      chain = left.rest
      refused.push(...left.refused)
    }
    this.conceal(command, null)
    if (command.parts.some(({ applied }) => applied.some(movesIndices))) this.#history.lost()
    return refused
  }

  /**
   * Out of the view from now on. What was sent stays as it was sent, also if a part of it has to be sent once more; what was not
   * stands on the version `at`.
   */
  conceal(command: Command, at: number | null): void {
    command.isHidden = true
    const { wire } = command
    command.base ??= wire?.base ?? at
    if (wire === null) return
    let from = 0
    for (const part of command.parts) part.operations = wire.operations.slice(from, (from += part.operations.length))
  }

  #remember(id: string): void {
    this.#own.add(id)
    for (const oldest of this.#own) {
      if (this.#own.size <= REMEMBERED) return
      this.#own.delete(oldest)
    }
  }
}
