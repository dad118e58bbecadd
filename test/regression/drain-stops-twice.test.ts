import { expect, test } from 'bun:test'
import { drain } from '../../server/drain.ts'
import { createLog } from '../../server/log.ts'

const drainOf = async (stop: (cut?: boolean) => Promise<void>) => {
  const calls: (boolean | undefined)[] = []
  const server = { stop: (cut?: boolean) => (calls.push(cut), stop(cut)) }
  const nothing = () => {}
  const log = createLog('test', 'silent')
  const shutdown = new AbortController()
  await drain({ server, shutdown, reconnectSockets: nothing, closeSockets: nothing, deadlineMs: 30, log })
  return calls
}

// Elysia prints a stack trace when what has stopped is stopped again: every clean end looked like a crash.
test('a server that stopped in time is not stopped again; one that did not is cut', async () => {
  expect(await drainOf(async () => {})).toEqual([undefined])
  expect(await drainOf((cut) => (cut === true ? Promise.resolve() : new Promise(() => {})))).toEqual([undefined, true])
})
