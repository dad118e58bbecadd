import { quizDecider } from '../../../shared/quiz/decider.ts'
import type { QuizEvent } from '../../../shared/quiz/events.ts'
import type { QuizState } from '../../../shared/quiz/state.ts'
import { changeOf } from '../../../shared/quiz/view-frame.ts'
import { SECRET } from '../cards.ts'
import type { Record } from './history.ts'
import type { Doc } from './log.ts'
import { scoreFaults } from './recount.ts'

interface Line {
  doc: Doc
  event: QuizEvent
  seq: number
  /** Right after it. */
  state: QuizState
}

/** What is wrong with a history, in words; empty: nothing. leases-quiz.md 6.6, as far as the log is concerned. */
export function faultsOf(record: Record): string[] {
  const lines = linesOf(record.docs)
  return [
    ...historyFaults(record, lines),
    ...epochFaults(lines),
    ...questionFaults(lines),
    ...answerFaults(record, lines),
    ...scoreFaults(lines),
    ...secrecyFaults(lines),
    ...endFaults(lines),
  ]
}

function linesOf(docs: readonly Doc[]): Line[] {
  let state: QuizState | null = null
  let seq = 0
  const lines: Line[] = []
  for (const doc of docs)
    for (const text of doc.texts) {
      const event: QuizEvent = JSON.parse(text)
      state = quizDecider.evolve(state, event, ++seq)
      lines.push({ doc, event, seq, state })
    }
  return lines
}

/** One history: no gap, no command twice, and every process has folded the same. */
function historyFaults({ docs, states }: Record, lines: readonly Line[]): string[] {
  const last = JSON.stringify(lines.at(-1)?.state ?? null)
  return [
    ...docs.flatMap((doc, i) => {
      const before = docs[i - 1]
      return doc.seq === (before === undefined ? 1 : before.seq + before.texts.length) ? [] : [`a gap at ${doc.seq}`]
    }),
    ...(new Set(docs.map(({ id }) => id)).size === docs.length ? [] : ['a command acted twice']),
    ...states.flatMap((state, i) => (JSON.stringify(state) === last ? [] : [`process ${i} folded another history`])),
  ]
}

/** Epochs grow; each is one process's; nothing is done under an older one than the newest. */
function epochFaults(lines: readonly Line[]): string[] {
  let epoch = 0
  let node = ''
  return lines.flatMap(({ doc, event, seq }) => {
    if (event.type === 'conductor.started') {
      const isOlder = event.epoch <= epoch
      epoch = event.epoch
      node = doc.node
      return isOlder ? [`epoch ${event.epoch} at ${seq} does not grow`] : []
    }
    if (doc.epoch === null) return []
    if (doc.epoch < epoch) return [`${event.type} at ${seq} under epoch ${doc.epoch} after ${epoch}`]
    return doc.node === node ? [] : [`${event.type} at ${seq} by ${doc.node}, which is not ${node}`]
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

/** Every answer that the service took is in the log, once; nobody has two to one question. */
function answerFaults({ acknowledged }: Record, lines: readonly Line[]): string[] {
  const byCommand = new Map<string, number>()
  const byQuestion = new Map<string, number>()
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
  for (const { doc, event, state } of lines) {
    if (event.type !== 'answer.given') continue
    count(byCommand, doc.id)
    // A conductor that was terminated takes its rounds with it; the next one's begin anew.
    count(byQuestion, `${state.game?.salt} ${event.question} ${event.by}`)
  }
  const lost = acknowledged.filter(({ id, counted }) => (byCommand.get(id) ?? 0) !== (counted ? 1 : 0))
  const twice = [...byQuestion].filter(([, times]) => times > 1)
  return [...lost.map(({ id }) => `answer ${id} was acknowledged otherwise`), ...twice.map(([key]) => `twice: ${key}`)]
}

/** No frame of anybody holds a key while its question is open. */
const secrecyFaults = (lines: readonly Line[]) =>
  lines.flatMap(({ event, state, seq }) => {
    if (state.game?.phase !== 'question') return []
    const frames = ['ann', 'bob', 'stranger'].map((name) => JSON.stringify(changeOf(event, state, name)))
    return frames.some((frame) => frame.includes(SECRET) || frame.includes('"key":1'))
      ? [`the key is out at ${seq}`]
      : []
  })

/** The end is final, and an evanescent room comes to it, with a place to return to. */
function endFaults(lines: readonly Line[]): string[] {
  const ends = lines.filter(({ event }) => event.type === 'room.ended')
  const last = lines.at(-1)
  if (last === undefined) return ['nothing happened']
  const [end] = ends
  return [
    ...(ends.length > 1 ? ['ended twice'] : []),
    ...(end !== undefined && end.seq !== last.seq ? ['something happened after the end'] : []),
    ...(last.state.kind === 'GroupEvanescent' && end?.state.ended?.returnTo == null
      ? ['it has not come to its end']
      : []),
  ]
}
