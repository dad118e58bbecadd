import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { spawnMain, spawnServer } from '../kit/processes.ts'

const { url } = useDatabase(import.meta.path)

/** How the start of a process failed: its output and its exit code, as the kit reports them. */
const failureOf = (script: string, env: Record<string, string>) =>
  spawnMain(script, { url, env }).then(
    async (started) => {
      await started.kill('SIGKILL')
      return 'it started'
    },
    (error: Error) => error.message,
  )

const SCRIPTS = ['server/main.ts', 'worker/main.ts']
// Begun at once, since the driver looks for a server for five seconds.
const lonely = new Map(
  SCRIPTS.map((script) => [script, failureOf(script, { MONGODB_URL: 'mongodb://user:hunter2@127.0.0.1:1/foyer' })]),
)

describe.each(SCRIPTS)('%s', (script) => {
  test('names each wrong variable and ends with exit code 1', async () => {
    const said = await failureOf(script, { PORT: 'http', DRAIN_MS: '-1' })
    expect(said).toContain('(exit code 1)')
    expect(said).toMatch(/\n.*Environment variable PORT: .*\n.*Environment variable DRAIN_MS: /)
    expect(said).not.toContain('    at ')
  })

  test('says so when its port is taken', async () => {
    const port = new URL((await portHolder(url)).url).port
    const said = await failureOf(script, { PORT: port, WORKER_PORT: port })
    expect(said).toContain('(exit code 1)')
    expect(said).toContain(port)
  })

  test('says so when there is no MongoDB', async () => {
    const said = await lonely.get(script)
    expect(said).toContain('(exit code 1)')
    expect(said).toContain('127.0.0.1:1')
    expect(said).not.toContain('hunter2')
  })
})

let holder: ReturnType<typeof spawnServer> | undefined
/** One server that holds a port, for all tests; the kit ends it with the file. */
const portHolder = (database: string) => (holder ??= spawnServer({ url: database }))
