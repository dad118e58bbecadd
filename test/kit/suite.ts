import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exec } from '../../server/dev/exec.ts'
import { countTests, lastLine, skippedAsFailed, sum } from './counts.ts'
import type { Counts } from './counts.ts'
import { findLeaks, RUN_MARK } from './leaks.ts'
import { ROOT, startTestMongo } from './test-mongo.ts'

const PASSED: Counts = { passed: 1, failed: 0, skipped: 0 }
const FAILED: Counts = { passed: 0, failed: 1, skipped: 0 }
const GATE_MS = 300_000
// Bun's 5 s cut tests off that start processes on a busy machine; its setDefaultTimeout reaches a run's first file only.
const TEST_MS = 30_000
const GATE_LINES = 200
/** Tells test/kit/preload.ts whom not to outlive. */
const PARENT = 'FOYER_TEST_PARENT'
const OUTPUT_KEPT = 16_384

const GATES: readonly { name: string; args: readonly string[] }[] = [
  { name: 'format', args: ['fmt', '--no-script', '--check'] },
  // Through Bun: a machine with Bun alone has no node for the script's own first line.
  { name: 'types', args: ['--bun', 'node_modules/typescript/bin/tsc', '--noEmit'] },
]

const say = (line: string) => process.stdout.write(`[test] ${line}\n`)

/**
 * All of `bun run test`: gates, then the test files (`args` are passed on to `bun test`), then the leak guard. Prints
 * the counts as its last line and resolves to the exit code.
 */
export const runSuite = async (args: readonly string[]): Promise<number> => {
  const id = crypto.randomUUID()
  process.env[RUN_MARK] = id
  const gates = await runGates()
  const done = gates.failed > 0 ? gates : sum([gates, await runTests(args), await guard(id)])
  const counts = process.env.CI === 'true' ? skippedAsFailed(done) : done
  if (counts.failed > done.failed) say(`CI=true: ${done.skipped} skipped tests count as failed`)
  process.stdout.write(`${lastLine(counts)}\n`)
  return counts.failed === 0 ? 0 : 1
}

const runGates = async (): Promise<Counts> => {
  let passed = 0
  for (const { name, args } of GATES) {
    const ran = await exec([process.execPath, ...args], { cwd: ROOT, timeoutMs: GATE_MS })
    say(`${name}: ${ran.code === 0 ? 'ok' : 'failed'}`)
    if (ran.code !== 0) {
      process.stdout.write(`${ran.output.trim().split('\n').slice(0, GATE_LINES).join('\n')}\n`)
      return { passed, failed: 1, skipped: 0 }
    }
    passed += 1
  }
  return { passed, failed: 0, skipped: 0 }
}

const runTests = async (args: readonly string[]): Promise<Counts> => {
  const given = process.env.TEST_MONGODB_URL ?? process.env.MONGODB_URL
  if (given === undefined) say('starting MongoDB')
  const mongo = given === undefined ? await startTestMongo() : undefined
  const dir = await mkdtemp(join(tmpdir(), 'foyer-report-'))
  const stopped = Promise.withResolvers<number>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.resolve(130))
  try {
    const report = join(dir, 'junit.xml')
    const ran = await bunTest({ args, report, mongoUrl: given ?? mongo?.url, stopped: stopped.promise })
    return countTests({ ...ran, report: await readFile(report, 'utf8').catch(() => undefined) })
  } finally {
    await mongo?.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

type BunTest = { args: readonly string[]; report: string; mongoUrl: string | undefined; stopped: Promise<number> }

/**
 * One process, one file after the other, each with globals of its own: files measure times and share two cores. Without
 * `--no-orphans` (Bun hands it down by a variable), which would kill what a test leaves behind before the leak guard sees it.
 */
const bunTest = async ({ args, report, mongoUrl, stopped }: BunTest): Promise<{ output: string; code: number }> => {
  const reporter = ['--reporter=junit', `--reporter-outfile=${report}`]
  const colour = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}
  const { BUN_FEATURE_FLAG_NO_ORPHANS: _, ...inherited } = process.env
  const child = spawn(process.execPath, ['test', '--isolate', '--timeout', String(TEST_MS), ...reporter, ...args], {
    cwd: ROOT,
    env: { ...inherited, ...colour, TEST_MONGODB_URL: mongoUrl, [PARENT]: `${process.pid}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const pass = (chunk: Buffer) => {
    process.stdout.write(chunk)
    output = (output + chunk.toString()).slice(-OUTPUT_KEPT)
  }
  child.stdout.on('data', pass)
  child.stderr.on('data', pass)
  const closed = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)))
  const code = await Promise.race([closed, stopped])
  child.kill('SIGKILL')
  await closed
  return { output, code }
}

const guard = async (id: string): Promise<Counts> => {
  const leaks = await findLeaks(id)
  for (const { pid, command } of leaks) say(`left running and killed: ${pid} ${command}`)
  say(`leaks: ${leaks.length === 0 ? 'none' : 'failed'}`)
  return leaks.length === 0 ? PASSED : FAILED
}
