import { describe, expect, test } from 'bun:test'
import superjson from 'superjson'
import { connect, type Fetch } from '../../client/connect.ts'
import { iceSource } from '../../client/ice.ts'
import { keptSecret } from '../../client/session.ts'
import { readStream } from '../../client/stream.ts'
import { memoryStore } from '../kit/hosted.ts'

describe('a kept secret', () => {
  test('is there again after a reload, under its own key', () => {
    const store = memoryStore()
    keptSecret(store, 'foyer:host:salon').write('s1')
    keptSecret(store, 'foyer:host:atelier').write('s2')
    expect(keptSecret(store, 'foyer:host:salon').read()).toBe('s1')
    keptSecret(store, 'foyer:host:salon').clear()
    expect(keptSecret(store, 'foyer:host:salon').read()).toBeUndefined()
    expect(store.keys()).toEqual(['foyer:host:atelier'])
  })

  test('is simply not kept where there is no store, or it is full or forbidden', () => {
    const forbidden = () => {
      throw new Error('SecurityError')
    }
    for (const store of [undefined, { getItem: forbidden, setItem: forbidden, removeItem: forbidden }]) {
      const kept = keptSecret(store, 'key')
      kept.write('s')
      expect(kept.read()).toBeUndefined()
      kept.clear()
    }
  })
})

describe('ICE servers', () => {
  const turn = (user: string) => ({ urls: ['turn:relay.example'], username: user, credential: 'c' })
  /** Answers each query with the next of these; null: the server refuses. */
  const serving = (...answers: ({ user: string; refreshInMs: number | null } | null)[]) => {
    let asked = 0
    const fetch: Fetch = async () => {
      const answer = answers[asked++]
      if (answer === null || answer === undefined)
        return Response.json([{ error: superjson.serialize({ code: -1, message: '', data: { rule: 'forbidden' } }) }])
      const data = superjson.serialize({
        iceServers: [turn(answer.user)],
        expiresAt: null,
        refreshInMs: answer.refreshInMs,
      })
      return Response.json([{ result: { data } }])
    }
    return { client: connect({ url: 'http://foyer', fetch }), asked: () => asked }
  }

  test('are asked for once while their credentials are young', async () => {
    const { client, asked } = serving({ user: 'a', refreshInMs: 60_000 })
    const servers = iceSource(client)
    expect([await servers(), await servers()]).toEqual([[turn('a')], [turn('a')]])
    expect(asked()).toBe(1)
  })

  test('are asked for again when it is time, and the old ones serve when that fails', async () => {
    const { client } = serving({ user: 'a', refreshInMs: 0 }, { user: 'b', refreshInMs: 0 }, null)
    const servers = iceSource(client)
    expect([await servers(), await servers(), await servers()]).toEqual([[turn('a')], [turn('b')], [turn('b')]])
  })

  test('are none where the server cannot say, and the given ones where there are some', async () => {
    const { client, asked } = serving(null)
    expect(await iceSource(client)()).toEqual([])
    expect(await iceSource(client, [turn('own')])()).toEqual([turn('own')])
    expect(asked()).toBe(1)
  })
})

describe('a stream', () => {
  const reading = (fetch: Fetch, openMs?: number) =>
    readStream({
      scope: {
        client: connect({ url: 'http://foyer', fetch }),
        secret: () => 's',
        signal: new AbortController().signal,
      },
      cursor: undefined,
      onOpen: () => {},
      onSignal: () => {},
      ...(openMs === undefined ? {} : { openMs }),
    })

  test('that a proxy holds back is given up', async () => {
    const held = async () => new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } })
    expect(await reading(held, 50)).toMatchObject({ opened: false, error: { rule: 'timeout' } })
  })

  test('that is refused says so at once, and whose word that is remains open', async () => {
    const refused = async () => new Response('no', { status: 403 })
    expect(await reading(refused)).toMatchObject({ opened: false, error: { rule: 'forbidden' } })
  })

  test('that cannot be reached is offline', async () => {
    const away = () => Promise.reject(new TypeError('fetch failed'))
    expect(await reading(away)).toMatchObject({ opened: false, error: { rule: 'offline' } })
  })
})
