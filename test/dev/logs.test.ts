import { describe, expect, test } from 'bun:test'
import { listeningUrl, painter, prettyLine } from '../../server/dev/logs.ts'

const plain = painter(false)
const line = (fields: object) =>
  JSON.stringify({ level: 30, time: 0, pid: 1, hostname: 'h', name: 'server', ...fields })

describe('a log line for people', () => {
  test('is time, level, message and the other fields', () => {
    const pretty = prettyLine(line({ msg: 'listening', url: 'http://localhost:3000', open: 2 }), plain)
    expect(pretty).toBe('00:00:00.000 info  listening url=http://localhost:3000 open=2')
  })

  test('quotes what has spaces and shows objects as JSON', () => {
    expect(prettyLine(line({ level: 40, msg: 'm', why: 'a b', at: { x: 1 } }), plain)).toBe(
      '00:00:00.000 warn  m why="a b" at={"x":1}',
    )
  })

  test('has the stack of an error below it', () => {
    const pretty = prettyLine(
      line({ level: 50, msg: 'm', err: { message: 'boom', stack: 'Error: boom\n at x' } }),
      plain,
    )
    expect(pretty).toBe('00:00:00.000 error m\n    Error: boom\n     at x')
  })

  test('stays as it is when it is no log line', () => {
    for (const text of ['plain text', '{not json', '{"no":"level"}', '']) expect(prettyLine(text, plain)).toBe(text)
  })

  test('is coloured for a terminal only', () => {
    expect(prettyLine(line({ level: 50, msg: 'm' }), painter(true))).toContain('\u001b[31merror\u001b[0m')
    expect(prettyLine(line({ level: 50, msg: 'm' }), plain)).not.toContain('\u001b')
  })
})

test('only the listening line tells an address', () => {
  expect(listeningUrl(line({ msg: 'listening', url: 'http://localhost:1' }))).toBe('http://localhost:1')
  for (const other of [line({ msg: 'stopped', url: 'http://x' }), line({ msg: 'listening' }), 'listening', '{"msg":']) {
    expect(listeningUrl(other)).toBeUndefined()
  }
})
