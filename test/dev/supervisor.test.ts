import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '../../server/dev/mongo-data.ts'
import { supervise } from '../../server/dev/supervisor.ts'
import { until } from '../kit/until.ts'

const dir = await mkdtemp(join(tmpdir(), 'foyer-dev-'))
afterAll(() => rm(dir, { recursive: true, force: true }))

const READY = `console.log(JSON.stringify({ level: 30, msg: 'listening', url: 'http://localhost/' + process.pid }))`
const STAY = 'setInterval(() => undefined, 1_000)'
const waits = { first: 20, longest: 60, healthy: 60_000, grace: 300 }

let scripts = 0
const service = async (code: string) => {
  const script = join(dir, `child-${++scripts}.ts`)
  await writeFile(script, code)
  const lines: string[] = []
  const said: string[] = []
  const onLine = (line: string) => void lines.push(line)
  const say = (line: string) => void said.push(line)
  const env = { PATH: process.env.PATH, GREETING: 'hello' }
  return { lines, said, ...supervise({ name: 'child', args: [script], cwd: dir, env, onLine, say, waits }) }
}
const pidOf = (url: string) => Number(new URL(url).pathname.slice(1))

describe('a supervised process', () => {
  test('gets its environment, hands on each line of both outputs, and is ready when it says that it listens', async () => {
    const child = await service(
      `console.error(process.env.GREETING); process.stdout.write('a\\nb\\n'); ${READY}; ${STAY}`,
    )
    expect(await child.ready).toMatch(/^http:\/\/localhost\/\d+$/)
    await until(() => child.lines.length === 4, { what: 'four lines' })
    expect(child.lines.filter((line) => !line.startsWith('{')).toSorted()).toEqual(['a', 'b', 'hello'])
    await child.stop()
  })

  test('that ends before it was ready is not started again: the start fails with how it ended', async () => {
    const child = await service('process.exit(7)')
    await expect(child.ready).rejects.toThrow('the child did not start (exit code 7)')
    await child.stop()
    expect(child.said).toEqual([])
  })

  test('that crashes later starts again, after a pause that doubles up to its limit', async () => {
    const child = await service(`${READY}; setTimeout(() => process.exit(3), 1)`)
    await until(() => child.said.length >= 4, { what: 'four crashes' })
    await child.stop()
    const again = (wait: number) => `ended (exit code 3); starts again in ${wait} ms`
    expect(child.said.slice(0, 4)).toEqual([again(20), again(40), again(60), again(60)])
  })

  test('may end in its own way at SIGTERM, and its last words are heard', async () => {
    const goodbye = `process.on('SIGTERM', () => { console.log('drained'); process.exit(0) })`
    const child = await service(`${goodbye}; ${READY}; ${STAY}`)
    await child.ready
    await child.stop()
    expect(child.lines.at(-1)).toBe('drained')
    expect(child.said).toEqual([])
  })

  test('that does not react to SIGTERM is killed when its time is over', async () => {
    const child = await service(`process.on('SIGTERM', () => undefined); ${READY}; ${STAY}`)
    const pid = pidOf(await child.ready)
    await child.stop()
    expect(isAlive(pid)).toBe(false)
  })
})
