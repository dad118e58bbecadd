import { describe, expect, test } from 'bun:test'
import { createFlow } from '../../server/flow.ts'
import { until } from '../kit/until.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await turn()
}

/** A connection in which so many bytes wait, and streams that want to send. */
function connection(bytes: number) {
  const state = { bytes, gone: 0 }
  const flow = createFlow(() => state.bytes)
  const send = (signal?: AbortSignal) => void flow.ready(signal).then(() => state.gone++)
  return { state, flow, send }
}

describe('the flow of a connection', () => {
  test('lets go at once while its client reads', async () => {
    const { state, send } = connection(0)
    for (let i = 0; i < 5; i++) send()
    await Promise.resolve()
    await Promise.resolve()
    expect(state.gone).toBe(5)
  })

  test('holds while much waits, and lets go one at a time, so that not all of them send at once', async () => {
    const { state, flow } = connection(1_000_000)
    // Each sends so much that the next is held again.
    for (let i = 0; i < 3; i++)
      void flow.ready().then(() => {
        state.gone++
        state.bytes = 1_000_000
      })
    flow.drained()
    await turns(5)
    expect(state.gone).toBe(0)
    for (const gone of [1, 2, 3]) {
      state.bytes = 0
      flow.drained()
      await until(() => state.gone >= gone, { what: 'one more' })
      await turns(5)
      expect(state.gone).toBe(gone)
    }
  })

  test('keeps the order: who comes later waits behind those who wait', async () => {
    const { state, flow } = connection(1_000_000)
    const order: string[] = []
    void flow.ready().then(() => order.push('early'))
    state.bytes = 0
    void flow.ready().then(() => order.push('late'))
    await until(() => order.length === 2, { what: 'both' })
    expect(order).toEqual(['early', 'late'])
  })

  test('lets go of who is gone, and of all when the connection is', async () => {
    const { state, flow, send } = connection(1_000_000)
    const gone = new AbortController()
    send(gone.signal)
    send()
    gone.abort()
    await turn()
    expect(state.gone).toBe(1)
    flow.end()
    await turn()
    send()
    send(AbortSignal.abort())
    await turn()
    expect(state.gone).toBe(4)
  })
})
