import { expect, test } from 'bun:test'
import type { EventDoc } from '../../server/store/docs.ts'
import type { Call } from '../kit/history.ts'
import { logFaults } from '../kit/log-checker.ts'
import { draft } from '../kit/log-parts.ts'
import { type TallyCommand, tallyDecider, TESTER } from '../kit/tally.ts'

const AT = 1_000_000

/** A log of three adds by `a`, `b` and `c`, as the engine would write it, each called after the one before was answered. */
function sound() {
  const docs: EventDoc[] = []
  for (const [i, id] of ['a', 'b', 'c'].entries()) {
    const doc = draft({ room: 'r', seq: i + 1, prev: docs.at(-1)?._id ?? null, ids: [id], at: AT + i })
    docs.push({ ...doc, commands: doc.commands?.map((record) => ({ ...record, result: String(i + 1) })) })
  }
  const calls = ['a', 'b', 'c'].map((id, i) => told(id, { began: 10 * i, version: i + 1, result: i + 1 }))
  return { docs, calls, seen: [{ seq: 2, sum: 2, closed: false }] }
}
const told = (id: string, { began, ...outcome }: { began: number; version: number; result: number }) =>
  call(id, { began, outcome })
const refused = (id: string, rule: string, began = 100) => call(id, { began, outcome: { rule } })
const call = (id: string, { began, outcome }: Pick<Call<TallyCommand>, 'began' | 'outcome'>): Call<TallyCommand> => ({
  id,
  actor: TESTER,
  command: { type: 'add', by: 1 },
  began,
  ended: began + 5,
  outcome,
})
type Sound = ReturnType<typeof sound>
const faultsOf = (history: Partial<Sound>) => logFaults({ decider: tallyDecider, ...sound(), ...history })
const changed = (at: number, change: Partial<EventDoc>) =>
  sound().docs.map((doc, i) => (i === at ? { ...doc, ...change } : doc))

test('the checker finds nothing in a sound log, with repeats, refusals and unknown outcomes', () => {
  const { calls } = sound()
  expect(faultsOf({})).toEqual([])
  const repeat = told('a', { began: 50, version: 1, result: 1 })
  expect(faultsOf({ calls: [...calls, repeat, refused('d', 'unknown-outcome'), refused('e', 'too-large')] })).toEqual(
    [],
  )
  expect(faultsOf({ calls: [...calls, refused('a', 'idempotency-mismatch')] })).toEqual([])
})

const { docs, calls } = sound()
const LOST: [string, Partial<Sound>, string][] = [
  ['a document that is missing', { docs: docs.filter((_, i) => i !== 1) }, 'the document at 3 does not follow'],
  ['a fork', { docs: [...docs, draft({ room: 'r', seq: 3, prev: 'x' })] }, 'the document at 3 does not follow'],
  ['a wrong predecessor', { docs: changed(1, { prev: 'x' }) }, 'the document at 2 does not follow'],
  ['a wrong count', { docs: changed(2, { n: 2 }) }, 'the document at 3 does not follow'],
  ['a command done twice', { docs: changed(1, { commands: docs[0]?.commands }) }, 'a is in the log twice'],
  [
    'an acknowledged command that is lost',
    { calls: [...calls, told('x', { began: 0, version: 1, result: 1 })] },
    'x was',
  ],
  ['a wrong seq in an answer', { calls: [told('a', { began: 0, version: 2, result: 1 })] }, 'a was answered with'],
  ['a wrong result', { calls: [told('a', { began: 0, version: 1, result: 9 })] }, 'a was answered with'],
  [
    'an answer older than one that was given before',
    { calls: [told('c', { began: 0, version: 3, result: 3 }), told('a', { began: 20, version: 1, result: 1 })] },
    'a at 1 was called after 3',
  ],
  ['a refusal that no state gives', { calls: [...calls, refused('d', 'room-gone')] }, 'd was refused with room-gone'],
  ['a refusal of what was done', { calls: [refused('c', 'room-gone')] }, 'c was refused and done'],
  ['a failure of what was done', { calls: [refused('c', 'failed')] }, 'c was said to have failed'],
  [
    'repeats with different answers',
    { calls: [...calls, told('a', { began: 50, version: 1, result: 2 })] },
    'a had different answers',
  ],
  ['a reader elsewhere', { seen: [{ seq: 2, sum: 3, closed: false }] }, "a reader's state at 2"],
  ['time that goes back', { docs: changed(1, { at: new Date(0) }) }, 'time goes back at 2'],
  [
    'a command that stands where it is refused',
    { docs: changed(0, { body: JSON.stringify([{ type: 'closed', at: AT, command: 'a' }]) }) },
    'b stands where it is refused: room-gone',
  ],
]
test.each(LOST)('the checker finds %s', (_, history, fault) => {
  expect(faultsOf(history)).toContainEqual(expect.stringContaining(fault))
})
