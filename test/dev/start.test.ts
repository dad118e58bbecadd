import { describe, expect, test } from 'bun:test'
import { createServer } from 'node:net'
import { startBun } from '../../server/dev/lines.ts'
import type { Env } from '../../server/dev/lines.ts'
import { isAlive } from '../../server/dev/mongo-data.ts'
import { freePort } from '../../server/dev/ports.ts'
import { processesOf, RUN_MARK } from '../kit/leaks.ts'
import { useDatabase } from '../kit/mongo.ts'
import { ROOT } from '../kit/test-mongo.ts'
import { until } from '../kit/until.ts'

const { url } = useDatabase(import.meta.path)

/** `bun start` beside the tests' MongoDB, on any ports. */
const start = (env: Env = {}) => {
  const lines: string[] = []
  const id = crypto.randomUUID()
  const own = { MONGODB_URL: url, HOST: '127.0.0.1', PORT: '0', WORKER_PORT: '0', WORKER_CHILDREN: '1', [RUN_MARK]: id }
  const all = { ...process.env, ...own, ...env }
  const child = startBun({ args: ['server/dev/main.ts'], cwd: ROOT, env: all, onLine: (line) => void lines.push(line) })
  const address = (label: string) =>
    until(() => new RegExp(`${label} +(http\\S+)`).exec(lines.join('\n'))?.[1], { what: label, deadlineMs: 20_000 })
  const children = async () => (await processesOf(id)).map(({ pid }) => pid).filter((pid) => pid !== child.pid)
  return { ...child, lines, address, children }
}

describe('bun start', () => {
  test('runs server and worker, tells where they answer, starts them again when they crash, and ends with 0 at SIGTERM', async () => {
    const foyer = start()
    const health = await fetch(await foyer.address('worker health'))
    const site = await fetch(new URL('/health', await foyer.address('demo site and API')))
    expect([health.status, site.status]).toEqual([200, 200])

    for (const pid of await foyer.children()) process.kill(pid, 'SIGKILL')
    const listening = () => foyer.lines.filter((line) => line.includes('listening')).length
    await until(() => listening() === 4, { what: 'both to listen again', deadlineMs: 20_000 })
    expect(foyer.lines.filter((line) => line.includes('ended (SIGKILL); starts again in 500 ms'))).toHaveLength(2)

    foyer.signal('SIGTERM')
    expect(await foyer.exited).toBe('exit code 0')
    const text = foyer.lines.join('\n')
    for (const name of ['server', 'worker']) expect(text).toMatch(new RegExp(`^\\[${name}\\] .*stopped$`, 'm'))
  })

  test('kills what does not stop at a second signal', async () => {
    const foyer = start()
    await foyer.address('worker health')
    const children = await foyer.children()
    for (const pid of children) process.kill(pid, 'SIGSTOP')
    let ended = ''
    void foyer.exited.then((how) => (ended = how))
    const signalled = () => {
      foyer.signal('SIGTERM')
      return ended
    }
    expect(await until(signalled, { what: 'the end', deadlineMs: 15_000 })).toBe('exit code 130')
    expect(foyer.lines.at(-1)).toContain('killed')
    await until(() => !children.some(isAlive), { what: 'the end of server and worker' })
  })

  test('leaves nothing behind at kill -9', async () => {
    const foyer = start()
    await foyer.address('worker health')
    const children = await foyer.children()
    // Server, worker, and the worker's own child.
    expect(children).toHaveLength(3)
    foyer.signal('SIGKILL')
    await until(() => !children.some(isAlive), { what: 'the end of server and worker' })
  })

  test('says plainly that a port is taken and which variable changes it', async () => {
    const port = (await freePort(0)) ?? 0
    const squatter = createServer().listen(port, '127.0.0.1')
    const foyer = start({ PORT: `${port}` })
    expect(await foyer.exited).toBe('exit code 1')
    expect(foyer.lines).toEqual([expect.stringContaining(`port ${port} is taken: set PORT to another one`)])
    squatter.close()
  })

  test('stops when the server cannot start, with its own reason', async () => {
    const foyer = start({ TURN_TTL_MS: 'soon' })
    expect(await foyer.exited).toBe('exit code 1')
    expect(foyer.lines.join('\n')).toMatch(/\[(server|worker)\] .*TURN_TTL_MS/)
    expect(foyer.lines.join('\n')).toMatch(/\[foyer\] +the (server|worker) did not start \(exit code 1\)/)
  })
})
