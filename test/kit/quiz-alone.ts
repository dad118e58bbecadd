import { afterAll } from 'bun:test'
import { join } from 'node:path'
import { FAST } from './quiz-fleet.ts'
import { ROOT } from './test-mongo.ts'

/** A worker as somebody starts it by hand: the system does not end its children with it, which other workers of tests are spared. */
export function startAlone(url: string, env: Record<string, string> = {}): Bun.Subprocess {
  const { BUN_FEATURE_FLAG_NO_ORPHANS: _, ...inherited } = process.env
  const own = { MONGODB_URL: url, HOST: '127.0.0.1', WORKER_PORT: '0', WORKER_CHILDREN: '2' }
  const worker = Bun.spawn({
    cmd: [process.execPath, join(ROOT, 'worker/main.ts')],
    env: { ...inherited, ...FAST, ...own, ...env },
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  afterAll(() => worker.kill('SIGKILL'))
  return worker
}
