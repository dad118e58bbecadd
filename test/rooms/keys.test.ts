import { describe, expect, test } from 'bun:test'
import { connect } from '../../client/connect.ts'
import type { Json } from '../../shared/json.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'
import { tokenOf } from '../kit/tokens.ts'
import { followRoom, linkOf, ROOMS_ENV } from './streams.ts'

const { url } = useDatabase(import.meta.path)
const server = await startServer({ url, env: ROOMS_ENV })

/** As text: an object literal cannot have an own `__proto__`. */
const AWKWARD = `{
  "__proto__": { "polluted": true, "__proto__": null }, "constructor": { "prototype": 1 }, "toString": "t", "hasOwnProperty": 0,
  "": "empty", ".": "dot", "..": [], "$x": "$y", "$set": { "a": 1 }, "a.b": { "c.d": 2 }, "1": "one", "0": "zero", "-1": "m",
  "a/b": 1, "~": 2, "~1": 3, "\\u0000": "nul", "\\ud83d\\ude00": "smile", "\\ud800": "half", "ключ": "ж", "é": 1, "e\\u0301": 2,
  "_bsontype": "ObjectId", "json": 1, "meta": { "values": ["Date"] }, "toJSON": "no", "length": 5
}`
const awkward = (): { [key: string]: Json } => JSON.parse(AWKWARD)
/** Keys have no order of their own, and `toEqual` does not see an own \`__proto__\`. */
const sorted = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => [key, sorted(each)])
}
const same = (value: Json) => expect(JSON.stringify(sorted(value))).toBe(JSON.stringify(sorted(awkward())))
const dataOf = (news: { status: string } & { data?: Json }): Json => news.data ?? 'none'

describe('keys of any kind', () => {
  test.each(['http', 'websocket'] as const)(
    'go through create, edit, get over %s, and come back the same',
    async (transport) => {
      const client = connect({ url: server.url, token: await tokenOf('owner'), transport })
      const made = await client.room.create.mutate({ data: awkward() })
      same(made.now === null ? null : dataOf(made.now))
      same(dataOf(await client.room.get.query({ room: made.room })))
      const edited = await client.room.edit.mutate({
        room: made.room,
        operations: [
          { op: 'set', path: '', value: {} },
          { op: 'merge', path: '', value: awkward() },
          { op: 'set', path: '/list', value: [awkward()] },
          { op: 'test', path: '/list/0', value: awkward() },
          { op: 'delete', path: '/list' },
        ],
      })
      same(edited.now === null ? null : dataOf(edited.now))
      for (const key of Object.keys(awkward())) {
        const path = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
        await client.room.edit.mutate({
          room: made.room,
          operations: [{ op: 'set', path, value: awkward()[key] ?? null }],
        })
      }
      same(dataOf(await client.room.get.query({ room: made.room })))
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    },
  )

  test.each(['sse', 'websocket'] as const)(
    'come by a stream over %s, in snapshots, events and presence',
    async (transport) => {
      await using link = await linkOf(server.url, 'owner', { transport })
      const { room } = await link.client.room.create.mutate({ data: awkward() })
      const heard = followRoom(link.client, { room, presence: true })
      await heard.reached(1)
      await link.client.room.edit.mutate({ room, operations: [{ op: 'set', path: '', value: awkward() }] })
      await link.client.room.present.mutate({ room, conn: 'awkward-keys', state: awkward() })
      await heard.reached(2)
      await heard.until(() => heard.of('presence').some(({ present }) => present.length > 0), 'the presence')
      const [view] = heard.views()
      same(view === undefined ? null : dataOf(view))
      const [event] = heard.events()
      if (event?.type !== 'data.edited' || event.operations[0]?.op !== 'set') throw new Error('no edit was heard')
      same(event.operations[0].value)
      const present = heard.of('presence').flatMap((frame) => frame.present)
      same(present[0]?.state ?? null)
      heard.unsubscribe()
    },
  )

  test('through any tRPC client with superjson as it is: all of them but those that superjson refuses', async () => {
    await using link = await linkOf(server.url, 'owner', { transformer: 'superjson' })
    const mild = Object.fromEntries(
      Object.entries(awkward()).filter(([key]) => key !== '__proto__' && key !== 'constructor'),
    )
    const made = await link.client.room.create.mutate({ data: mild })
    const got = await link.client.room.get.query({ room: made.room })
    expect(sorted(dataOf(got))).toEqual(sorted(mild))
    await expect(link.client.room.create.mutate({ data: awkward() })).rejects.toThrow(/__proto__|constructor/)
  })
})
