import type { QuizEvent } from '../../../shared/quiz/events.ts'
import { type Line, linesOf, logFaults } from '../../kit/quiz-checker.ts'
import { SECRET } from '../cards.ts'
import type { Record } from './history.ts'
import type { Doc } from './log.ts'

/** What is wrong with a history, in words; empty: nothing. leases-quiz.md 6.6, as far as the log is concerned. */
export function faultsOf(record: Record): string[] {
  const { acknowledged } = record
  const lines = linesOf(record.docs.flatMap(loggedOf))
  return [
    ...historyFaults(record, lines),
    ...logFaults(lines, { acknowledged, secrets: [SECRET, '"key":1'] }),
    ...returnFaults(lines),
  ]
}

const loggedOf = ({ id, node, epoch, texts }: Doc) =>
  texts.map((text) => {
    const event: QuizEvent = JSON.parse(text)
    return { command: id, node, epoch, event }
  })

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

/** An evanescent room comes to its end, with a place to return to. */
function returnFaults(lines: readonly Line[]): string[] {
  const last = lines.at(-1)
  if (last === undefined) return ['nothing happened']
  const isLost = last.state.kind === 'GroupEvanescent' && last.state.ended?.returnTo == null
  return isLost ? ['it has not come to its end'] : []
}
