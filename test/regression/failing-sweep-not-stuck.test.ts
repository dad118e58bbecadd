import { expect, test } from 'bun:test'
import { loop } from '../../worker/loop.ts'
import { until } from '../kit/until.ts'

// Only a sweep that succeeded counted as a turn: in an outage of the database every worker's /health said it was stuck.
test('a turn that failed has ended too: only one that does not end is stuck', async () => {
  const stopping = new AbortController()
  const ended: string[] = []
  const running = loop({
    everyMs: 1,
    signal: stopping.signal,
    turn: () => Promise.reject(new Error('no database')),
    onError: () => ended.push('failed'),
    onTurnEnd: () => ended.push('ended'),
  })
  await until(() => ended.length >= 4, { what: 'two turns' })
  stopping.abort()
  await running
  expect(ended.slice(0, 4)).toEqual(['failed', 'ended', 'failed', 'ended'])
})
