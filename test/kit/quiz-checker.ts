import { quizDecider } from '../../shared/quiz/decider.ts'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { changeOf } from '../../shared/quiz/view-frame.ts'
import { scoreFaults } from './quiz-recount.ts'

/** One event of a room's log. */
export interface Line {
  /** The command that it is of. */
  command: string
  /** Which process appended it. */
  node: string
  /** Under which epoch that process believed to be the conductor; null: no conductor's. */
  epoch: number | null
  event: QuizEvent
  seq: number
  /** Right after it. */
  state: QuizState
}

/** What stands in a log, before it is folded. */
export type Logged = Pick<Line, 'command' | 'node' | 'epoch' | 'event'>

/** An answer that the service took. */
export interface Acknowledged {
  id: string
  counted: boolean
}

export interface Checking {
  acknowledged?: readonly Acknowledged[]
  /** Texts that stand in no frame before the reveal. */
  secrets?: readonly string[]
}

export function linesOf(logged: readonly Logged[]): Line[] {
  let state: QuizState | null = null
  return logged.map((one, i) => {
    state = quizDecider.evolve(state, one.event, i + 1)
    return { ...one, seq: i + 1, state }
  })
}

/** What is wrong with a room's log, in words; empty: nothing. Invariants of leases-quiz.md 6.6, as far as the log shows them. */
export function logFaults(lines: readonly Line[], { acknowledged = [], secrets = [] }: Checking = {}): string[] {
  return [
    ...epochFaults(lines),
    ...questionFaults(lines),
    ...answerFaults(acknowledged, lines),
    ...scoreFaults(lines),
    ...secrecyFaults(secrets, lines),
    ...endFaults(lines),
  ]
}

/** Epochs grow; each is one process's; nothing is done under an older one than the newest (I1, I2, I3, I7). */
function epochFaults(lines: readonly Line[]): string[] {
  let epoch = 0
  let node = ''
  return lines.flatMap((line) => {
    const { event, seq } = line
    if (event.type === 'conductor.started') {
      const isOlder = event.epoch <= epoch
      epoch = event.epoch
      node = line.node
      return isOlder ? [`epoch ${event.epoch} at ${seq} does not grow`] : []
    }
    if (line.epoch === null) return []
    if (line.epoch < epoch) return [`${event.type} at ${seq} under epoch ${line.epoch} after ${epoch}`]
    return line.node === node ? [] : [`${event.type} at ${seq} by ${line.node}, which is not ${node}`]
  })
}

/** Rounds follow each other, and in each one the questions, no card twice; each is revealed once at most. */
function questionFaults(lines: readonly Line[]): string[] {
  let asked: string[] = []
  let revealed = -1
  return lines.flatMap(({ event, seq }) => {
    if (event.type === 'round.started') {
      asked = []
      revealed = -1
    }
    if (event.type === 'question.opened') {
      const isNext = event.question === asked.length && revealed === asked.length - 1 && !asked.includes(event.card.id)
      asked.push(event.card.id)
      return isNext ? [] : [`question ${event.question} at ${seq} out of order`]
    }
    if (event.type === 'question.revealed') {
      const isOpen = event.question === asked.length - 1 && revealed < event.question
      revealed = event.question
      return isOpen ? [] : [`question ${event.question} revealed at ${seq}, again or unasked`]
    }
    return []
  })
}

/** Every answer that the service took is in the log, once; nobody has two to one question (I10). */
function answerFaults(acknowledged: readonly Acknowledged[], lines: readonly Line[]): string[] {
  const byCommand = new Map<string, number>()
  const byQuestion = new Map<string, number>()
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
  for (const { command, event, state } of lines) {
    if (event.type !== 'answer.given') continue
    count(byCommand, command)
    // A conductor that was terminated takes its rounds with it; the next one's begin anew.
    count(byQuestion, `${state.game?.salt} ${event.question} ${event.by}`)
  }
  const lost = acknowledged.filter(({ id, counted }) => (byCommand.get(id) ?? 0) !== (counted ? 1 : 0))
  const twice = [...byQuestion].filter(([, times]) => times > 1)
  return [...lost.map(({ id }) => `answer ${id} was acknowledged otherwise`), ...twice.map(([key]) => `twice: ${key}`)]
}

/** No frame of anybody holds a key while its question is open. */
function secrecyFaults(secrets: readonly string[], lines: readonly Line[]): string[] {
  if (secrets.length === 0) return []
  return lines.flatMap(({ event, state, seq }) => {
    if (state.game?.phase !== 'question') return []
    const users = [...state.occupants.slice(0, 2), 'stranger']
    const frames = users.map((name) => JSON.stringify(changeOf(event, state, name)))
    const isOut = frames.some((frame) => secrets.some((secret) => frame.includes(secret)))
    return isOut ? [`the key is out at ${seq}`] : []
  })
}

/** The end is final but for the word where everybody went (I5). */
function endFaults(lines: readonly Line[]): string[] {
  const end = lines.findIndex(({ event }) => event.type === 'room.ended')
  if (end === -1) return []
  const after = lines.slice(end + 1).map(({ event }) => event.type)
  const wrong = after.filter((type) => type !== 'room.returned' && type !== 'command.noted')
  return [
    ...wrong.map((type) => `${type} after the end`),
    ...(after.filter((type) => type === 'room.returned').length > 1 ? ['returned twice'] : []),
  ]
}
