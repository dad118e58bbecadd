import type { Answer } from '../../../shared/deck/answers.ts'
import type { Control } from '../../../shared/quiz/controls.ts'
import type { QuizCommand } from '../../../shared/quiz/commands.ts'
import { user } from '../memory.ts'
import { deckOf, friends, payloadOf } from '../rooms.ts'
import type { Cluster, Node } from './node.ts'

/** What the service has told a player. */
export interface Acknowledged {
  id: string
  user: string
  counted: boolean
}

/** Players and hosts at their browsers: each talks to one server or another, repeats what got lost, and taps twice. */
export class Crowd {
  readonly acknowledged: Acknowledged[] = []
  #isHome = false

  constructor(
    readonly cluster: Cluster,
    readonly servers: readonly [Node, ...Node[]],
    readonly names: readonly [string, ...string[]],
  ) {}

  start(): void {
    for (const name of this.names) this.#live(name)
  }

  /** All go home; the last one out lets the quiz go on. */
  stop(): void {
    this.#isHome = true
    this.#say(this.names[0], { type: 'control', control: { name: 'resume' } })
  }

  #live(name: string): void {
    const { random, time } = this.cluster
    time.after(300 + random.below(2_500), () => {
      if (this.#isHome) return
      this.#act(name)
      this.#live(name)
    })
  }

  #act(name: string): void {
    const { random } = this.cluster
    const { state } = random.of(this.servers)
    if (state === null || state.ended !== null) return
    if (!state.occupants.includes(name)) return this.#say(name, { type: 'join', facts: friends(...this.names) })
    if (random.chance(0.03)) return this.#say(name, { type: 'leave' })
    if (random.chance(0.15)) return this.#host(name)
    if (random.chance(0.8)) this.#answer(name)
  }

  #host(name: string): void {
    const { random } = this.cluster
    const { state } = random.of(this.servers)
    if (state === null) return
    const { game } = state
    if (game === null)
      return this.#say(name, {
        type: 'startConductor',
        payload: payloadOf({ ...SHORT, pace: 'host' }),
        facts: deckOf(),
      })
    if (random.chance(0.05)) return this.#say(name, { type: 'terminate' })
    const at = { round: game.round, question: game.asked.length - 1 }
    const control = random.of<Control>([
      { name: 'pause' },
      { name: 'resume' },
      { name: 'resume' },
      { name: 'start', round: game.phase === 'end' ? at.round + 1 : at.round },
      { name: 'skip', ...at },
      { name: 'next', ...at },
      { name: 'next', ...at },
      { name: 'extend', ...at, ms: 500 },
      { name: 'accept', ...at, value: 'nearly' },
    ])
    this.#say(name, { type: 'control', control })
    // Another host, the same button.
    this.#say(random.of(this.names), { type: 'control', control })
  }

  /** Once, and perhaps again: with another answer as another command, or the same command over another server. */
  #answer(name: string): void {
    const { random, time } = this.cluster
    const server = random.of(this.servers)
    const game = server.state?.game
    const asked = game?.asked.at(-1)
    if (game === undefined || game === null || asked === undefined) return
    const { round } = game
    const question = game.asked.length - 1 - (random.chance(0.05) ? 1 : 0)
    for (let taps = random.chance(0.3) ? 2 : 1; taps > 0; taps--) {
      const value: Answer =
        asked.card.type === 'typed'
          ? { type: 'typed', text: random.of(['Paris', 'nearly', 'no']) }
          : { type: 'single', choice: random.below(4) }
      const command = { type: 'answer', round, question, value, facts: { receivedAt: time.now } } as const
      const id = `c${this.cluster.ids++}`
      const sendTo = (node: Node) =>
        node.send({ id, command, actor: user(name) }, (reply) => this.#heard(id, name, reply))
      sendTo(server)
      if (random.chance(0.2)) time.after(random.below(200), () => sendTo(random.of(this.servers)))
    }
  }

  #heard(id: string, name: string, reply: { rule: string } | { result: unknown }): void {
    if (!('result' in reply)) return
    const counted = JSON.stringify(reply.result).includes('"counted":true')
    this.acknowledged.push({ id, user: name, counted })
  }

  #say(name: string, command: QuizCommand): void {
    this.cluster.random.of(this.servers).send({ id: `c${this.cluster.ids++}`, command, actor: user(name) })
  }
}

/** Seconds of virtual time, so that a history has some rounds. */
export const SHORT = {
  questionMs: 3_000,
  graceMs: 200,
  lobbyMs: 500,
  revealMs: 400,
  scoreboardMs: 300,
  endMs: 500,
  silentAfter: 2,
  scoring: 'kahoot@1+streak@1',
} as const
