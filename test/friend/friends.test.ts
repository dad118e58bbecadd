import { afterAll, describe, expect, test } from 'bun:test'
import { connect } from '../../client/connect.ts'
import { toFoyerError } from '../../client/errors.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { tokenOf } from '../kit/tokens.ts'
import { roomServer } from '../rooms/calls.ts'
import { ROOMS_ENV } from '../rooms/streams.ts'

const { url } = useDatabase(import.meta.path)
const foyer = await roomServer(url)
afterAll(() => foyer[Symbol.asyncDispose]())
const elsewhere = await spawnServer({ url, env: ROOMS_ENV })

let people = 0
/** Somebody new, here or at the other process. */
const person = async (at = foyer.server.url) => {
  const id = `person ${++people} "$\\`
  return { id, client: connect({ url: at, token: await tokenOf(id) }) }
}
const ruleOf = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (thrown: unknown) => toFoyerError(thrown).rule,
  )
const inbox = async ({ client }: Awaited<ReturnType<typeof person>>) =>
  (await client.notification.list.query({})).notifications.map(({ kind, from }) => ({ kind, from }))

describe('friend.*', () => {
  test('a request is told to the other at once, and accepted', async () => {
    const [a, b] = [await person(), await person(elsewhere.url)]
    expect(await a.client.friend.request.mutate({ user: b.id })).toMatchObject({ user: b.id, status: 'requested' })
    expect(await inbox(b)).toEqual([{ kind: 'friend.requested', from: a.id }])
    expect(await b.client.friend.list.query({ status: 'incoming' })).toMatchObject({ friends: [{ user: a.id }] })
    expect(await b.client.friend.accept.mutate({ user: a.id })).toMatchObject({ status: 'friends' })
    expect(await inbox(a)).toEqual([{ kind: 'friend.accepted', from: b.id }])
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const)
      expect((await one.client.friend.list.query({})).friends).toMatchObject([{ user: other.id, status: 'friends' }])
  })

  test('a repeat tells nothing again', async () => {
    const [a, b] = [await person(), await person()]
    for (let i = 0; i < 3; i++) await a.client.friend.request.mutate({ user: b.id })
    for (let i = 0; i < 3; i++) await b.client.friend.accept.mutate({ user: a.id })
    expect([await inbox(a), await inbox(b)].map((all) => all.length)).toEqual([1, 1])
  })

  test('of two who ask each other at once, through two processes, both are friends', async () => {
    for (let round = 0; round < 20; round++) {
      const [a, b] = [await person(), await person(elsewhere.url)]
      await Promise.all([
        a.client.friend.request.mutate({ user: b.id }),
        b.client.friend.request.mutate({ user: a.id }),
      ])
      for (const one of [a, b])
        expect((await one.client.friend.list.query({})).friends).toMatchObject([{ status: 'friends' }])
    }
  })

  test('a block wins, whatever it crosses', async () => {
    for (let round = 0; round < 20; round++) {
      const [a, b] = [await person(), await person(elsewhere.url)]
      await a.client.friend.request.mutate({ user: b.id })
      await Promise.all([
        a.client.friend.block.mutate({ user: b.id }),
        b.client.friend.accept.mutate({ user: a.id }).catch(() => {}),
        b.client.friend.request.mutate({ user: a.id }).catch(() => {}),
      ])
      expect((await a.client.friend.list.query({})).friends).toMatchObject([{ status: 'blocked' }])
      expect((await b.client.friend.list.query({})).friends).toEqual([])
      expect(await ruleOf(b.client.friend.request.mutate({ user: a.id }))).toBe('friend-refused')
    }
  })

  test('a service acts for a user; a user for nobody else', async () => {
    const [a, b] = [await person(), await person()]
    const service = await foyer.service()
    expect(await service.friend.request.mutate({ as: a.id, user: b.id })).toMatchObject({ status: 'requested' })
    expect(await ruleOf(b.client.friend.request.mutate({ as: a.id, user: b.id }))).toBe('forbidden')
    expect(await ruleOf(a.client.friend.request.mutate({ user: a.id }))).toBe('forbidden')
  })

  test('the list comes page by page, each status by itself', async () => {
    const a = await person()
    const others = await Promise.all(Array.from({ length: 7 }, () => person()))
    await Promise.all(others.map(({ id }) => a.client.friend.request.mutate({ user: id })))
    await Promise.all(others.slice(0, 3).map(({ client }) => client.friend.accept.mutate({ user: a.id })))
    const found: string[] = []
    for (let after: string | null | undefined; after !== null;) {
      const page = await a.client.friend.list.query({ status: 'requested', after, limit: 3 })
      found.push(...page.friends.map(({ user }) => user))
      after = page.next
    }
    expect(found.toSorted()).toEqual(
      others
        .slice(3)
        .map(({ id }) => id)
        .toSorted(),
    )
    const { friends } = foyer.server.foyer
    expect([
      ...(await friends.among(
        a.id,
        others.map(({ id }) => id),
      )),
    ]).toEqual(others.slice(0, 3).map(({ id }) => id))
  })
})
