// `bun start`. On a fresh clone nothing is installed yet, so what needs packages is imported afterwards.
import { join } from 'node:path'
import { ensureRuntime } from './runtime.ts'

const root = join(import.meta.dir, '../..')
await ensureRuntime({ root, log: (line) => console.log(`[foyer] ${line}`) })
const { start } = await import('./start.ts')
await start(root, process.env)
