import { expect, test } from 'bun:test'
import { slots } from '../../server/slots.ts'

test('at most so many acts run at once, in the order in which they came, whatever becomes of those before', async () => {
  const inSlot = slots(3)
  const order: number[] = []
  let running = 0
  let most = 0
  const act = (i: number) => async () => {
    order.push(i)
    most = Math.max(most, ++running)
    await new Promise((go) => setImmediate(go))
    running--
    if (i % 2 === 1) throw new Error(`${i}`)
    return i
  }
  const done = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => inSlot(act(i))))
  expect(most).toBe(3)
  expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i))
  expect(done.filter(({ status }) => status === 'rejected').length).toBe(10)
  expect(await inSlot(() => Promise.resolve('free'))).toBe('free')
})
