import { describe, expect, test } from 'bun:test'
import { type Handshake, joining, meeting } from '../kit/handshakes.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { startProxy } from '../kit/proxy.ts'

const { url: mongo } = useDatabase(import.meta.path)

/** Kills the server at the nth call of a handshake, and starts it again on the same port and database. */
async function survivesRestart(nth: number, handshake: Handshake): Promise<boolean> {
  let server = await spawnServer({ url: mongo })
  const { url } = server
  const { port } = new URL(url)
  const restart: { done?: Promise<void> } = {}
  const restarted = async () => {
    await server.kill('SIGKILL')
    server = await spawnServer({ url: mongo, env: { PORT: port } })
  }
  const onRequest = (seen: number) => {
    if (seen === nth) restart.done = restarted()
  }
  await using proxy = await startProxy(url, { onRequest })
  proxy.expect(null)
  await handshake(proxy.url, crypto.randomUUID())
  await restart.done
  await server.stop()
  return restart.done !== undefined
}

describe('a server that is killed in mid-handshake and starts again', () => {
  const cases = [
    ['meet', meeting, [1, 2, 3, 4]],
    ['a hosted session by stream', joining('stream'), [2, 3, 4, 5, 6, 7, 8]],
    ['a hosted session by polls', joining('poll'), [3, 5, 7, 9]],
  ] as const
  for (const [what, handshake, calls] of cases)
    test(`completes ${what}, whichever call it was`, async () => {
      for (const nth of calls) expect(await survivesRestart(nth, handshake)).toBe(true)
    }, 90_000)
})
