import { EventEmitter } from 'node:events'
import { expect, test } from 'bun:test'
import { onSignals } from '../../server/signals.ts'

// With no listener left, the second SIGTERM (a supervisor's and its orchestrator's) killed the process in the middle of its drain.
test('a second signal of the same kind still has a listener, so that it does not kill', () => {
  const source = new EventEmitter()
  const reasons: string[] = []
  onSignals(source, async (reason) => void reasons.push(reason))
  expect([source.emit('SIGTERM'), source.emit('SIGTERM'), source.emit('SIGTERM')]).toEqual([true, true, true])
  expect(reasons).toEqual(['SIGTERM'])
})
