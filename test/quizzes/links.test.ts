import { describe, expect, test } from 'bun:test'
import { hashSecret } from '../../server/secrets.ts'
import type { LinkDoc } from '../../server/store/docs-quiz.ts'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, deckFor, type Person, quickly, ruleOf } from '../kit/quiz.ts'
import { newsOf, times, twoProcesses } from './places.ts'

const { url, db } = useDatabase(import.meta.path)
const { foyer, someone } = await twoProcesses(url)

const occupantsOf = async (room: string) => (await foyer.quizzes.log.read(room))?.occupants
const group = async (owner: Person) => (await owner.client.quiz.group.mutate({ others: [], text: 'come, all' })).room
const linkTo = async ({ client }: Person, room?: string) => (await client.link.create.mutate({ room })).link
const come = ({ client }: Person, link: string) => client.link.accept.mutate({ link })
const statusOf = async ({ client }: Person) =>
  (await client.friend.list.query({})).friends.map(({ user, status }) => ({ user, status }))

describe('a room with external friends (seed 4), by one-time links', () => {
  test('who comes by a link is a friend of its maker and in the room; the maker is told', async () => {
    const [ann, bob] = [await someone('ann'), await someone('bob')]
    const room = await group(ann)
    const link = await linkTo(ann, room)
    expect(await come(bob, link)).toEqual({ by: ann.id, room })
    expect(await statusOf(ann)).toEqual([{ user: bob.id, status: 'friends' }])
    expect(await statusOf(bob)).toEqual([{ user: ann.id, status: 'friends' }])
    expect(await occupantsOf(room)).toEqual([ann.id, bob.id])
    const { notifications } = await ann.client.notification.list.query({})
    expect(notifications).toMatchObject([{ kind: 'friend.accepted', from: bob.id }])
    expect(await newsOf(bob, room)).toEqual([{ kind: 'room.added', from: ann.id }])
    expect(await ruleOf(bob.client.quiz.message.mutate({ room, text: 'here I am' }))).toBe('ok')
  })

  test('of twenty who use one at the same moment, through two processes, one comes in', async () => {
    const ann = await someone('ann')
    const room = await group(ann)
    const link = await linkTo(ann, room)
    const all = await Promise.all(times(20).map(() => someone('guest')))
    const rules = await Promise.all(all.map((one) => ruleOf(come(one, link))))
    expect(rules.filter((rule) => rule === 'ok')).toHaveLength(1)
    expect(rules.filter((rule) => rule === 'link-gone')).toHaveLength(19)
    const winner = all[rules.indexOf('ok')]
    expect(await occupantsOf(room)).toEqual([ann.id, winner?.id ?? ''])
    expect(await statusOf(ann)).toEqual([{ user: winner?.id ?? '', status: 'friends' }])
  })

  test('the same user may repeat, also at once and after it would have expired', async () => {
    const [ann, bob] = [await someone('ann'), await someone('bob')]
    const room = await group(ann)
    const link = await linkTo(ann, room)
    for (const reply of await Promise.all(times(5).map(() => come(bob, link))))
      expect(reply).toEqual({ by: ann.id, room })
    const expiresAt = new Date(0)
    await db.collection<LinkDoc>('links').updateOne({ _id: hashSecret(link) }, { $set: { expiresAt } })
    expect(await come(bob, link)).toEqual({ by: ann.id, room })
    expect(await occupantsOf(room)).toEqual([ann.id, bob.id])
  })

  test('is no way in once it expired, for its maker, or if it never was', async () => {
    const [ann, bob] = [await someone('ann'), await someone('bob')]
    const link = await linkTo(ann)
    expect(await ruleOf(come(ann, link))).toBe('forbidden')
    expect(await ruleOf(come(bob, 'A'.repeat(22)))).toBe('link-gone')
    const expiresAt = new Date(0)
    await db.collection<LinkDoc>('links').updateOne({ _id: hashSecret(link) }, { $set: { expiresAt } })
    expect(await ruleOf(come(bob, link))).toBe('link-gone')
    expect(await statusOf(ann)).toEqual([])
  })

  test('leads into a room only as long as its maker is there, and it is open', async () => {
    const [ann, bob, cem] = [await someone('ann'), await someone('bob'), await someone('cem')]
    const room = await group(ann)
    expect(await ruleOf(bob.client.link.create.mutate({ room }))).toBe('not-occupant')
    expect(await ruleOf(bob.client.link.create.mutate({ room: crypto.randomUUID() }))).toBe('room-gone')
    const [first, second] = [await linkTo(ann, room), await linkTo(ann, room)]
    await come(bob, first)
    await ann.client.quiz.leave.mutate({ room })
    expect(await come(cem, second)).toEqual({ by: ann.id, room: null })
    expect(await occupantsOf(room)).toEqual([bob.id])
    const third = await linkTo(bob, room)
    await bob.client.quiz.leave.mutate({ room })
    expect(await come(cem, third)).toEqual({ by: bob.id, room: null })
    expect(await ruleOf(bob.client.link.create.mutate({ room }))).toBe('room-gone')
  })

  test('who blocks the other, or is blocked, does not come in', async () => {
    const [ann, bob, cem] = [await someone('ann'), await someone('bob'), await someone('cem')]
    const room = await group(ann)
    await ann.client.friend.block.mutate({ user: bob.id })
    await cem.client.friend.block.mutate({ user: ann.id })
    expect(await ruleOf(come(bob, await linkTo(ann, room)))).toBe('friend-refused')
    const link = await linkTo(ann, room)
    expect(await ruleOf(come(cem, link))).toBe('friend-blocked')
    expect(await occupantsOf(room)).toEqual([ann.id])
    await cem.client.friend.unblock.mutate({ user: ann.id })
    expect(await come(cem, link)).toEqual({ by: ann.id, room })
  })

  test('a new link brings in who came by an earlier one and left', async () => {
    const [ann, bob] = [await someone('ann'), await someone('bob')]
    const room = await group(ann)
    for (const _ of times(2)) {
      await come(bob, await linkTo(ann, room))
      expect(await occupantsOf(room)).toEqual([ann.id, bob.id])
      await bob.client.quiz.leave.mutate({ room })
    }
    expect(await newsOf(bob, room)).toHaveLength(2)
  })

  test('to a quiz that is being played it is an invitation, which lets its user join', async () => {
    const [ann, bob] = [await someone('ann'), await someone('bob')]
    const { room } = await ann.client.quiz.solo.mutate({ payload: quickly(await deckFor(db, ann.id)) })
    expect(await ruleOf(bob.client.quiz.join.mutate({ room }))).toBe('not-invited')
    expect(await come(bob, await linkTo(ann, room))).toEqual({ by: ann.id, room })
    expect(await newsOf(bob, room)).toEqual([{ kind: 'room.invited', from: ann.id }])
    await bob.client.quiz.join.mutate({ room })
    expect(await occupantsOf(room)).toEqual([ann.id, bob.id])
  })

  test('those who are friends already stay it, and meet in the room', async () => {
    const [ann, bob] = [await someone('ann'), await someone('bob')]
    await befriend(ann, bob)
    const room = await group(ann)
    expect(await come(bob, await linkTo(ann, room))).toEqual({ by: ann.id, room })
    expect(await statusOf(bob)).toEqual([{ user: ann.id, status: 'friends' }])
  })
})
