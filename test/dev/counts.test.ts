import { describe, expect, test } from 'bun:test'
import { countTests, lastLine, skippedAsFailed, sum } from '../kit/counts.ts'

const report = (tests: number, failures: number, skipped: number) =>
  `<?xml version="1.0"?>\n<testsuites name="bun test" tests="${tests}" assertions="9" failures="${failures}" skipped="${skipped}" time="1">\n  <testsuite tests="99" failures="99">`

describe('the counts of a run', () => {
  test('are those of the report', () => {
    const counts = countTests({ report: report(10, 2, 3), output: '', code: 1 })
    expect(counts).toEqual({ passed: 5, failed: 2, skipped: 3 })
  })

  test('include a file that could not be loaded, which only the output tells', () => {
    const output = '\u001b[31m 3 fail\u001b[0m\n 1 error\n'
    expect(countTests({ report: report(10, 2, 0), output, code: 1 })).toEqual({ passed: 8, failed: 3, skipped: 0 })
  })

  test('have a failure when bun test crashed, ended badly, or ran nothing', () => {
    const failed = (outcome: Parameters<typeof countTests>[0]) => countTests(outcome).failed
    expect(failed({ report: undefined, output: '', code: 139 })).toBe(1)
    expect(failed({ report: report(4, 0, 0), output: ' 0 fail', code: 1 })).toBe(1)
    expect(failed({ report: report(0, 0, 0), output: '', code: 0 })).toBe(1)
    expect(failed({ report: report(2, 0, 2), output: '', code: 0 })).toBe(1)
    expect(failed({ report: report(4, 0, 0), output: ' 0 fail', code: 0 })).toBe(0)
  })

  test('end in one line that names skipped tests only where there are some', () => {
    expect(lastLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed')
    expect(lastLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped')
  })

  test('turn skipped tests into failed ones where everything can run', () => {
    const all = sum([
      { passed: 1, failed: 0, skipped: 1 },
      { passed: 2, failed: 1, skipped: 1 },
    ])
    expect(lastLine(skippedAsFailed(all))).toBe('3 passed, 3 failed')
  })
})
