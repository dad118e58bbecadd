import { describe, expect, test } from 'bun:test'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import { faultsOf } from './simulation/checker.ts'
import { historyOf, type Record } from './simulation/history.ts'
import type { Doc } from './simulation/log.ts'

/** A history of a HostedPerpetual room with rounds and takeovers. */
const record: Record = historyOf(7)
const events = (doc: Doc): QuizEvent[] => doc.texts.map((text) => JSON.parse(text))
const find = (type: QuizEvent['type']) => {
  const doc = record.docs.find((each) => events(each).some((event) => event.type === type))
  if (doc === undefined) throw new Error(`there is no ${type}`)
  return doc
}
/** The history with one document changed, and the states that it then leads to. */
const changed = (doc: Doc, change: Partial<Doc>): Record => ({
  ...record,
  docs: record.docs.map((each) => (each === doc ? { ...each, ...change } : each)),
})
const edited = (type: QuizEvent['type'], edit: (event: QuizEvent) => unknown) => {
  const doc = find(type)
  return changed(doc, { texts: events(doc).map((event) => JSON.stringify(edit(event))) })
}
const words = (of: Record) => faultsOf(of).join('; ')

describe('the checker of histories', () => {
  test('finds nothing wrong with a history as it was', () => {
    expect(faultsOf(record)).toEqual([])
  })

  test('sees a commit under an older epoch, and one by a process that never took the room', () => {
    const last = record.docs.findLast(({ epoch }) => epoch !== null && epoch > 1)
    if (last === undefined) throw new Error('nobody took over')
    expect(words(changed(last, { epoch: 1 }))).toContain('under epoch 1 after')
    expect(words(changed(last, { node: 'w-other' }))).toContain('by w-other')
  })

  test('sees an epoch that does not grow', () => {
    const starts = record.docs.filter((doc) => events(doc)[0]?.type === 'conductor.started')
    const [, second] = starts
    if (second === undefined) throw new Error('nobody took over')
    const texts = events(second).map((event) => JSON.stringify({ ...event, epoch: 1 }))
    expect(words(changed(second, { texts }))).toContain('does not grow')
  })

  test('sees an answer that was lost, and one that counted twice', () => {
    const doc = record.docs.find(({ id, result }) => {
      const isTold = record.acknowledged.some((each) => each.id === id && each.counted)
      return isTold && JSON.stringify(result).includes('"counted":true')
    })
    if (doc === undefined) throw new Error('nobody answered')
    const noted = JSON.stringify({ type: 'command.noted', at: 1, by: 'ann' })
    expect(words(changed(doc, { texts: [noted] }))).toContain('was acknowledged otherwise')
    expect(words(changed(doc, { texts: [...doc.texts, ...doc.texts] }))).toContain('twice')
  })

  test('sees points that the answers do not make', () => {
    const better = edited('question.revealed', (event) =>
      event.type === 'question.revealed'
        ? { ...event, marks: event.marks.map(([name, mark]) => [name, { ...mark, points: mark.points + 1 }]) }
        : event,
    )
    expect(words(better)).toContain('points, and not')
  })

  test('sees a command that acted twice, a gap, and a process that folded something else', () => {
    const [first, second] = record.docs
    if (first === undefined || second === undefined) throw new Error('nothing happened')
    expect(words({ ...record, docs: [first, { ...second, id: first.id }, ...record.docs.slice(2)] })).toContain('twice')
    expect(words({ ...record, docs: [first, ...record.docs.slice(2)] })).toContain('a gap')
    expect(words({ ...record, states: [null] })).toContain('folded another history')
  })
})
