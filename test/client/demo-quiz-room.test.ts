import { describe, expect, test } from 'bun:test'
import { moved } from '../../client/demo/quiz/room/answer/order.ts'
import { middleOf } from '../../client/demo/quiz/room/answer/slider.tsx'
import { payloadIn, usual } from '../../client/demo/quiz/room/host/settings.ts'
import { ordinal } from '../../client/demo/quiz/room/reveal/ordering.tsx'

describe('an own answer on the page of a quiz', () => {
  test('of an order moves one thing at a time, and never out of the list', () => {
    expect(moved([0, 1, 2], 0, 2)).toEqual([1, 2, 0])
    expect(moved([0, 1, 2], 2, 1)).toEqual([0, 2, 1])
    expect(moved([0, 1, 2], 0, -1)).toEqual([0, 1, 2])
    expect(moved([0, 1, 2], 2, 3)).toEqual([0, 1, 2])
  })

  test('on a slider begins in the middle, on a step that it has', () => {
    expect(middleOf({ min: 0, max: 100, step: 1 })).toBe(50)
    expect(middleOf({ min: 0, max: 1, step: 0.1 })).toBe(0.5)
    expect(middleOf({ min: -3, max: 4, step: 3 })).toBe(0)
    expect(middleOf({ min: 0, max: 1, step: 5 })).toBe(0)
  })
})

describe('the settings of a quiz', () => {
  const form = (fields: Record<string, string>) => {
    const data = new FormData()
    const times = { questionMs: '20', lobbyMs: '0', revealMs: '2.5', scoreboardMs: '4', endMs: '10' }
    const usually = { deck: 'd', pace: 'own', scoring: 'linear@1', lateJoin: 'now', silentAfter: '', questions: '5' }
    for (const [name, value] of Object.entries({ ...usually, ...times, ...fields })) data.set(name, value)
    return data
  }

  test('are said in seconds, and what the form does not ask stays as it was', () => {
    const payload = payloadIn(form({ streak: 'on' }), { ...usual('another'), graceMs: 900 })
    expect(payload).toMatchObject({ deck: 'another', scoring: 'linear@1+streak@1', revealMs: 2_500, graceMs: 900 })
    expect(payload).toMatchObject({ silentAfter: null, questions: 5, shuffle: false })
  })

  test('that cannot be are none', () => {
    expect(payloadIn(form({ questionMs: '0' }))).toBeNull()
    expect(payloadIn(form({ questionMs: 'soon' }))).toBeNull()
    expect(payloadIn(form({ deck: '' }))).toBeNull()
  })
})

test('places are counted as people do', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '12th',
    '13th',
    '21st',
    '102nd',
    '111th',
  ])
})
