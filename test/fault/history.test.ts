import { describe, expect, test } from 'bun:test'
import type { EventDoc } from '../../server/store/docs.ts'
import { type Call, faultsOf } from '../kit/history.ts'
import { tallyDecider, type TallyCommand } from '../kit/tally.ts'

const actor = { user: 'tester', service: false }
const doc = (seq: number, more: Partial<EventDoc> = {}): EventDoc => ({
  _id: `doc-${seq}`,
  room: 'r',
  seq,
  n: 1,
  prev: seq === 1 ? null : `doc-${seq - 1}`,
  at: new Date(0),
  commands: [{ id: `c${seq}`, by: 'tester', hash: '', result: String(seq), seq }],
  body: JSON.stringify([{ type: 'added', by: 1, at: 0, command: `c${seq}` }]),
  ...more,
})
const call = (n: number, more: Partial<Call<TallyCommand>> = {}): Call<TallyCommand> => ({
  id: `c${n}`,
  actor,
  command: { type: 'add', by: 1 },
  began: 10 * n,
  ended: 10 * n + 5,
  outcome: { version: n, result: n },
  ...more,
})
const three = [1, 2, 3]
const faults = (docs: EventDoc[], calls: Call<TallyCommand>[]) => faultsOf({ decider: tallyDecider, docs, calls })
const docs = three.map((n) => doc(n))
const calls = three.map((n) => call(n))

describe('the history checker', () => {
  test('finds nothing wrong with a history that is right', () => {
    expect(faults(docs, calls)).toEqual([])
  })

  test('finds a gap, a fork, and a document of another history', () => {
    expect(faults([doc(1), doc(3)], [call(1), call(3)])).toEqual(['the document at 3 does not follow'])
    expect(faults([...docs, doc(3, { commands: [] })], calls)).toEqual(['the document at 3 does not follow'])
    expect(faults([doc(1), doc(2, { prev: 'another' })], [])).toEqual(['the document at 2 does not follow'])
  })

  test('finds what was acknowledged and is lost, and what was done twice', () => {
    expect(faults(docs.slice(0, 2), calls)).toEqual(['c3 was acknowledged and is lost'])
    const twice = [...docs, doc(4, { commands: [{ id: 'c3', by: 'tester', hash: '', result: '3', seq: 4 }] })]
    expect(faults(twice, calls)).toEqual(['c3 is in the log twice'])
  })

  test('finds an answer that is not what the log says', () => {
    expect(faults(docs, [call(1), call(2, { outcome: { version: 2, result: 7 } })])).toHaveLength(1)
    expect(faults(docs, [call(2, { outcome: { version: 3, result: 2 } })])).toHaveLength(1)
    expect(faults(docs, [call(3, { outcome: { rule: 'room-gone' } })])).toContain('c3 was refused and done')
  })

  test('finds an order that was not the real one', () => {
    const swapped = [call(1, { began: 50, ended: 55 }), call(2), call(3)]
    expect(faults(docs, swapped)).toEqual(['c1 at 1 was called after 3 was answered'])
  })

  test('finds a refusal that no state between call and answer gives', () => {
    const closing = doc(4, { body: JSON.stringify([{ type: 'closed', at: 0, command: 'c4' }]) })
    const refused = (began: number) => call(9, { began, ended: began + 5, outcome: { rule: 'room-gone' } })
    const close = call(4, { command: { type: 'close' }, outcome: { version: 4, result: 4 } })
    expect(faults([...docs, closing], [...calls, close, refused(60)])).toEqual([])
    expect(faults([...docs, closing], [...calls, close, refused(32)])).toHaveLength(1)
  })

  test('takes no refusal for one whose outcome was not known', () => {
    expect(faults(docs, [call(3, { outcome: { rule: 'unknown-outcome' } })])).toEqual([])
  })
})
