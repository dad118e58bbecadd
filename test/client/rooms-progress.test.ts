import { describe, expect, test } from 'bun:test'
import { type Progress, take } from '../../client/rooms/progress.ts'
import { createWindow } from '../../client/rooms/window.ts'
import type { RoomFrame } from '../../shared/room/schema.ts'
import { span } from '../rooms/streams.ts'

const room = '0190f000-0000-8000-8000-000000000001'
type Why = Extract<RoomFrame, { kind: 'snapshot' }>['why']

const events = (from: number, version: number): RoomFrame => {
  const one = { type: 'command.noted', at: 0, by: 'ann', command: 'c' }
  return { kind: 'events', room, from, version, events: JSON.stringify(span(from - 1, version).map(() => one)) }
}
const snapshot = (version: number, why: Why): RoomFrame => {
  const news = why === 'deleted' ? { status: 'deleted', deleted: { at: 1, by: 'ann', reason: '' } } : { status: 'live' }
  return { kind: 'snapshot', room, version, why, view: JSON.stringify({ ...news, room, version }) }
}
/** What listeners hear of frames: the versions of events, or the kind of what else. */
const heard = (progress: Progress, frames: readonly RoomFrame[]) =>
  frames.flatMap((frame): (number | string)[] => {
    const news = take(progress, frame)
    if (news === null) return []
    if (news.kind === 'events') return news.value.events.map(({ version }) => version)
    return [news.kind === 'snapshot' ? `${news.kind} ${news.value.version}` : news.kind]
  })

describe('what listeners are told of a room', () => {
  test.each<[string, number | null, RoomFrame[], (number | string)[], number | null]>([
    ['events as they come', 1, [events(2, 2), events(3, 4)], [2, 3, 4], 4],
    ['a repeat, never', 4, [events(2, 4), events(5, 5), events(1, 5)], [5], 5],
    ['the new part of what is a repeat for the rest', 3, [events(2, 5)], [4, 5], 5],
    ['that something is missing', 3, [events(5, 6)], ['gap'], 3],
    [
      'no event before the snapshot that was asked for',
      null,
      [events(5, 6), snapshot(6, 'start')],
      ['gap', 'snapshot 6'],
      6,
    ],
    ['a resync', 2, [snapshot(90, 'resync'), events(91, 91)], ['snapshot 90', 91], 91],
    ['not a snapshot of what they know', 5, [snapshot(5, 'slow'), snapshot(4, 'start')], [], 5],
    ['the end of a room that they had all of', 5, [snapshot(5, 'deleted')], ['end'], 5],
  ])('is %s', (_, version, frames, told, after) => {
    const progress = { version, asked: version }
    expect([heard(progress, frames), progress.version]).toEqual([told, after])
  })

  test('is a snapshot below what they had when the room has no such version, and no late one', () => {
    const progress: Progress = { version: 50, asked: 50 }
    expect(heard(progress, [snapshot(7, 'resync'), events(8, 8), snapshot(7, 'resync')])).toEqual(['snapshot 7', 8])
  })
})

describe('what is on its way at once', () => {
  const signal = new AbortController().signal

  test('is never more than there is place for, in turn, streams first', async () => {
    const window = createWindow(100)
    const order: string[] = []
    const take = async (kind: 'stream' | 'call', bytes: number) => {
      const release = await window.take(kind, bytes, signal)
      order.push(`${kind} ${bytes}`)
      return release
    }
    const first = await take('call', 60)
    const rest = [take('call', 50), take('call', 30), take('stream', 40)]
    const stream = await rest[2]
    expect(order).toEqual(['call 60', 'stream 40'])
    first()
    first()
    await rest[0]
    expect(order).toEqual(['call 60', 'stream 40', 'call 50'])
    stream?.()
    await rest[1]
    expect(order.at(-1)).toBe('call 30')
  })

  test('takes what is larger than the place alone, and lets go of what is given up', async () => {
    const window = createWindow(100)
    const release = await window.take('call', 500, signal)
    const gone = new AbortController()
    const given = window.take('call', 10, gone.signal)
    const last = window.take('call', 20, signal)
    gone.abort()
    await expect(given).rejects.toMatchObject({ rule: 'aborted' })
    release()
    expect(await last).toBeFunction()
  })
})
