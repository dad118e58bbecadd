import { EventEmitter } from 'node:events'
import { expect, test } from 'bun:test'
import { onSignals } from '../../server/signals.ts'

const recorder = () => {
  const reasons: string[] = []
  return { reasons, stop: async (reason: string) => void reasons.push(reason) }
}

test('a stop begins once, at whichever signal comes first', () => {
  const source = new EventEmitter()
  const { reasons, stop } = recorder()
  onSignals(source, stop)
  source.emit('SIGINT')
  source.emit('SIGTERM')
  expect(reasons).toEqual(['SIGINT'])
})
