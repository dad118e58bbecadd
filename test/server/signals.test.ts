import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'bun:test'
import { endsWithParent, onSignals } from '../../server/signals.ts'
import { useDatabase } from '../kit/mongo.ts'
import { ROOT } from '../kit/test-mongo.ts'

const { url } = useDatabase(import.meta.path)

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

test('the end of standard input is the end of the parent, once', () => {
  const input = Object.assign(new EventEmitter(), { resume: () => {} })
  const { reasons, stop } = recorder()
  endsWithParent(input, stop)
  expect(reasons).toEqual([])
  input.emit('end')
  input.emit('close')
  expect(reasons).toEqual(['the supervisor ended'])
})

describe.each(['server/main.ts', 'worker/main.ts'])('%s with FOYER_PARENT=stdin', (script) => {
  test('lives as long as its standard input, and then ends with exit code 0', async () => {
    const settings = { MONGODB_URL: url, HOST: '127.0.0.1', PORT: '0', WORKER_PORT: '0', FOYER_PARENT: 'stdin' }
    const child = Bun.spawn([process.execPath, script], {
      cwd: ROOT,
      env: { ...process.env, ...settings },
      stdin: 'pipe',
      stdout: 'pipe',
    })
    let said = ''
    const decoder = new TextDecoder()
    for await (const chunk of child.stdout) {
      said += decoder.decode(chunk)
      if (said.includes('listening') && child.exitCode === null) await child.stdin.end()
    }
    expect(await child.exited).toBe(0)
    expect(said).toContain('the supervisor ended')
  })
})
