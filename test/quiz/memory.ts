import type { Card } from '../../shared/deck/cards.ts'
import type { Json } from '../../shared/json.ts'
import type { Actor } from '../../shared/log/decider.ts'
import type { CommandOf, ConductorStep, QuizCommand } from '../../shared/quiz/commands.ts'
import type { Control } from '../../shared/quiz/controls.ts'
import { type Move, step, type World } from '../../shared/quiz/conductor/step.ts'
import { quizDecider } from '../../shared/quiz/decider.ts'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { type Rule, RuleError, type RuleDetails } from '../../shared/rules.ts'
import { CARDS } from './cards.ts'

export const user = (name: string): Actor => ({ user: name, service: false })
export const WORKER: Actor = { user: 'worker', service: true }

export type Outcome = { events: readonly QuizEvent[]; result: Json } | ({ rule: Rule } & RuleDetails)

/** One quiz room's log in memory: decides, appends, and folds what it appended as another process would, from its JSON text. */
export class MemoryQuiz {
  state: QuizState | null = null
  readonly log: string[] = []
  /** The state after each event. */
  readonly states: QuizState[] = []
  now = 1_000
  epoch = 0

  constructor(readonly cards: readonly Card[] = CARDS) {}

  /** What a command did, or by which rule it was refused; then the state is the very one from before. */
  send(command: QuizCommand, actor: Actor): Outcome {
    const before = deepFrozen(this.state)
    const decision = quizDecider.decide(before, deepFrozen(command), { now: this.now, actor })
    if (decision instanceof RuleError) return { rule: decision.rule, ...decision.details }
    for (const event of decision.events) {
      const text = JSON.stringify(event)
      this.log.push(text)
      this.state = quizDecider.evolve(deepFrozen(this.state), deepFrozen(JSON.parse(text)), this.log.length)
      this.states.push(this.state)
    }
    return decision
  }

  /** The types of the events of a command that must be accepted. */
  does(command: QuizCommand, actor: Actor): QuizEvent['type'][] {
    const outcome = this.send(command, actor)
    if ('rule' in outcome) throw new Error(`${command.type} was refused: ${JSON.stringify(outcome)}`)
    return outcome.events.map(({ type }) => type)
  }

  /** The rule by which a command is refused. */
  refuses(command: QuizCommand, actor: Actor): Rule {
    const outcome = this.send(command, actor)
    if ('rule' in outcome) return outcome.rule
    throw new Error(`${command.type} was accepted: ${JSON.stringify(outcome)}`)
  }

  control(control: Control, name = 'ann') {
    return this.send({ type: 'control', control }, user(name))
  }

  /** A worker takes the room under the next epoch. */
  startConductor(holder = 'w1') {
    this.epoch++
    return this.does({ type: 'conductorStarted', epoch: this.epoch, holder }, WORKER)
  }

  conduct(next: ConductorStep, epoch = this.epoch) {
    return this.send({ type: 'conduct', epoch, step: next }, WORKER)
  }

  /** What the conductor wants now. */
  move(world: Partial<World> = {}): Move {
    return step(this.it, { now: this.now, cards: this.cards, salt: `salt ${this.log.length}`, present: null, ...world })
  }

  /** Lets the conductor do what it wants, until it waits. */
  run(world: Partial<World> = {}): number | null {
    for (let i = 0; i < 50; i++) {
      const move = this.move(world)
      if (move.step === null) return move.wakeAt
      const outcome = this.conduct(move.step)
      if ('rule' in outcome) throw new Error(`${move.step.type} was refused: ${JSON.stringify(outcome)}`)
    }
    throw new Error('the conductor does not come to rest')
  }

  /** Lets time pass until the conductor wants something, and does it. */
  pass(ms: number, world: Partial<World> = {}): void {
    const until = this.now + ms
    for (let at = this.run(world); at !== null && at <= until; at = this.run(world)) {
      if (at <= this.now) throw new Error('the conductor wants to be woken in the past')
      this.now = at
    }
    this.now = until
    this.run(world)
  }

  answer(name: string, value: CommandOf<'answer'>['value'], receivedAt = this.now): Outcome {
    const { round, asked } = this.game
    const command = { type: 'answer', round, question: asked.length - 1, value, facts: { receivedAt } } as const
    return this.send(command, user(name))
  }

  get it(): QuizState {
    if (this.state === null) throw new Error('there is no room yet')
    return this.state
  }

  get game() {
    if (this.it.game === null) throw new Error('there is no game')
    return this.it.game
  }

  get events(): QuizEvent[] {
    return this.log.map((text) => JSON.parse(text))
  }
}

/** Writing to it throws from here on: a rule that changes its input is found out. */
export function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) deepFrozen(part)
  return value
}
