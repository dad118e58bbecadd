// `bun run test`. On a fresh clone nothing is installed yet, so what needs packages is imported afterwards.
import { join } from 'node:path'
import { ensureRuntime } from '../server/dev/runtime.ts'

await ensureRuntime({ root: join(import.meta.dir, '..'), log: (line) => console.log(`[test] ${line}`) })
const { runSuite } = await import('./kit/suite.ts')
process.exit(await runSuite(process.argv.slice(2)))
