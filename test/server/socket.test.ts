import { beforeEach, describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { until } from '../kit/until.ts'
import { emit, serveOwn, socketClient, source } from './own.ts'

const { url } = useDatabase(import.meta.path)
beforeEach(() => Object.assign(source, { last: 0, closed: 0 }))

const follow = ({ client }: ReturnType<typeof socketClient>) => {
  const ids: string[] = []
  const ends: string[] = []
  const { unsubscribe } = client.numbers.subscribe(
    {},
    {
      onData: ({ id }) => ids.push(id),
      onError: (error) => ends.push(String(error.data?.rule)),
      onComplete: () => ends.push('complete'),
    },
  )
  return { ids, ends, unsubscribe }
}

describe('tRPC`s own WebSocket client', () => {
  test('calls, gets Dates and rule errors, and is known by its connectionParams', async () => {
    await using server = await serveOwn({ url })
    await using one = socketClient(server.url, 'Bearer my-secret')
    expect(await one.client.at.query({ at: new Date(1) })).toEqual({ next: new Date(2) })
    expect(await one.client.bearer.query()).toBe('my-secret')
    await expect(one.client.refuse.mutate()).rejects.toMatchObject({ data: { rule: 'room-full', httpStatus: 409 } })
    await expect(one.client.leak.mutate()).rejects.toMatchObject({
      message: 'Internal error',
      data: { rule: 'internal' },
    })
  })

  test('has its context to itself: two sockets at once are two callers', async () => {
    await using server = await serveOwn({ url })
    await using one = socketClient(server.url, 'Bearer one')
    await using two = socketClient(server.url, 'Bearer two')
    await using none = socketClient(server.url)
    const callers = [one, two, none].map(({ client }) => client.bearer.query())
    expect(await Promise.all(callers)).toEqual(['one', 'two', null])
  })

  test('gets tracked items by subscription, and unsubscribing runs the generator`s finally', async () => {
    await using server = await serveOwn({ url })
    await using one = socketClient(server.url)
    await using two = socketClient(server.url)
    const [first, second] = [follow(one), follow(two)]
    emit()
    emit()
    await until(() => first.ids.length === 2 && second.ids.length === 2, { what: 'two items on both sockets' })
    expect(first.ids).toEqual(['1', '2'])
    first.unsubscribe()
    await until(() => source.closed === 1, { what: 'the finally of the one that left' })
    emit()
    await until(() => second.ids.length === 3, { what: 'a third item on the other' })
    expect(first.ids).toEqual(['1', '2'])
  })

  test('ends its subscriptions` generators when the connection is lost', async () => {
    await using server = await serveOwn({ url })
    const one = socketClient(server.url)
    const { ids } = follow(one)
    emit()
    await until(() => ids.length === 1, { what: 'the first item' })
    one.socket.connection?.ws?.close()
    await until(() => source.closed === 1, { what: 'the finally' })
    await one.socket.close()
  })

  test('reconnects and resumes by lastEventId after the server restarts: nothing lost, nothing twice', async () => {
    const first = await serveOwn({ url })
    await using one = socketClient(first.url, 'Bearer kept')
    const { ids, ends } = follow(one)
    emit()
    await until(() => ids.length === 1, { what: 'an item before the restart' })
    await first.drain()
    await first.stop()
    emit()
    await using second = await serveOwn({ url, port: first.port })
    emit()
    await until(() => ids.length === 3, { what: 'the items of during and after the restart', deadlineMs: 10_000 })
    expect([ids, ends]).toEqual([['1', '2', '3'], []])
    expect(await one.client.bearer.query()).toBe('kept')
    expect(second.port).toBe(first.port)
  })
})
