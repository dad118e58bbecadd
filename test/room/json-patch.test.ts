import { describe, expect, test } from 'bun:test'
import { operationsSchema } from '../../shared/room/input.ts'
import { after, rule } from './applying.ts'
import { DONE, Fails, type PatchCase, SPECIFIED } from './json-patch-cases.ts'
import { BEYOND, MOVED, REFUSED } from './json-patch-more-cases.ts'

/** Each case goes in as a command does: through the schema of the wire, as part of what a single command does. */
const runs = (cases: readonly PatchCase[]) =>
  test.each(cases.map((one) => [one[0], one] as const))('%s', (_, [, document, patch, outcome]) => {
    const parsed = operationsSchema.safeParse(JSON.parse(JSON.stringify([{ op: 'patch', patch }])))
    if (outcome instanceof Fails) {
      expect(parsed.success ? rule(document, ...parsed.data) : 'bad-request').toBe(outcome.rule)
    } else {
      expect(parsed.error?.issues ?? []).toEqual([])
      expect(after(document, ...(parsed.data ?? []))).toEqual(outcome)
    }
  })

describe('JSON Patch, as RFC 6902 has it:', () => runs(SPECIFIED))
describe('JSON Patch, as the public suite has it, does:', () => runs(DONE))
describe('JSON Patch, as the public suite has it, moves and copies:', () => runs(MOVED))
describe('JSON Patch, as the public suite has it, refuses:', () => runs(REFUSED))
describe('JSON Patch, where the suite says nothing:', () => runs(BEYOND))

test('no case of the public suite that can be told is left out', () => {
  // tests.json: 95, one without outcome and two disabled ones of them taken in; spec_tests.json: 17. Not: two members `op`, twice.
  expect(SPECIFIED.length + DONE.length + MOVED.length + REFUSED.length).toBe(110)
})
