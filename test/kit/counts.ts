/** How a run went; gates (format, types, leaks) count as tests. */
export type Counts = { passed: number; failed: number; skipped: number }

/** What is known of one `bun test`: its JUnit report (missing after a crash), what it printed, its exit code. */
export type Outcome = { report: string | undefined; output: string; code: number }

/**
 * The counts of one `bun test`. The report alone is not enough: a file that cannot be loaded is missing in it, and so
 * is everything after a crash. A run that ended badly or ran nothing has at least one failure.
 */
export const countTests = ({ report, output, code }: Outcome): Counts => {
  const root = /<testsuites [^>]*>/.exec(report ?? '')?.[0] ?? ''
  const attribute = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(root)?.[1] ?? 0)
  const [tests, failures, skipped] = [attribute('tests'), attribute('failures'), attribute('skipped')]
  const printed = Number(/^ (\d+) fail$/m.exec(Bun.stripANSI(output))?.[1] ?? 0)
  const passed = tests - failures - skipped
  const atLeast = code !== 0 || passed + failures === 0 ? 1 : 0
  return { passed, failed: Math.max(failures, printed, atLeast), skipped }
}

/** On the project's own machines everything can run: there a skipped test is a failed one. */
export const skippedAsFailed = ({ passed, failed, skipped }: Counts): Counts => ({
  passed,
  failed: failed + skipped,
  skipped: 0,
})

/** The sum of several runs. */
export const sum = (all: readonly Counts[]): Counts => ({
  passed: all.reduce((total, counts) => total + counts.passed, 0),
  failed: all.reduce((total, counts) => total + counts.failed, 0),
  skipped: all.reduce((total, counts) => total + counts.skipped, 0),
})

/** The line that every run ends with. */
export const lastLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
