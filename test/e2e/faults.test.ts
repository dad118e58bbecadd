import { describe, expect, test } from 'bun:test'
import { type Handshake, joining, meeting } from '../kit/handshakes.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { type Fault, startProxy } from '../kit/proxy.ts'

const { url: mongo } = useDatabase(import.meta.path)
const server = await spawnServer({ url: mongo })

/** Runs the handshake once for each of its calls, with that one lost; the number of calls, when there is nothing left to lose. */
async function survivesEach(drop: Fault['drop'], handshake: Handshake): Promise<number> {
  await using proxy = await startProxy(server.url)
  for (let nth = 1; ; nth++) {
    proxy.expect({ drop, nth })
    await handshake(proxy.url, `${drop}-${nth}-${crypto.randomUUID()}`)
    if (proxy.seen.length < nth) return nth - 1
    // A stream may have had no other event to lose.
    if (drop === 'request') expect(proxy.struck()).toBe(true)
  }
}

describe('any single lost call leaves a handshake complete', () => {
  const cases = [
    ['meet', meeting, 4],
    ['a hosted session by stream', joining('stream'), 9],
    ['a hosted session by polls', joining('poll'), 10],
  ] as const
  for (const [what, handshake, calls] of cases)
    for (const drop of ['request', 'response'] as const)
      test(`${what}, each ${drop} in turn`, async () => {
        expect(await survivesEach(drop, handshake)).toBeGreaterThanOrEqual(calls)
      }, 90_000)
})
