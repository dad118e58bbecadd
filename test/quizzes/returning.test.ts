import { afterAll, describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { befriend, deckFor, type Person, quickly, watch } from '../kit/quiz.ts'
import { openFoyer } from '../kit/server.ts'
import { until } from '../kit/until.ts'
import { dyingAt, endsAndDies, isSettled } from './dying.ts'
import { eventsIn, newsOf, rounds, times, twoProcesses, typesIn } from './places.ts'

const { url, db } = useDatabase(import.meta.path)
const { foyer, someone } = await twoProcesses(url)
/** Other processes on the database, which the test lets die. */
const mortal = await openFoyer({ url })
const mortals = [mortal, await openFoyer({ url }), await openFoyer({ url })]
afterAll(async () => void (await Promise.all(mortals.map(({ close }) => close()))))

const ask = (by: Person, others: readonly Person[]) =>
  by.client.quiz.group.mutate({ others: others.map(({ id }) => id), text: 'hello' })
const occupantsOf = async (room: string) => (await foyer.quizzes.log.read(room))?.occupants
const returnedTo = async (room: string) => (await foyer.quizzes.log.read(room))?.ended?.returnedTo

/** Two of three friends in a group room's quiz; the third is invited into it where that is said. */
async function playing(added: 'nobody' | 'cem' = 'nobody') {
  const [ann, bob, cem] = [await someone('ann'), await someone('bob'), await someone('cem')]
  await (added === 'cem' ? befriend(ann, bob, cem) : befriend(ann, bob))
  const { room: parent } = await ask(ann, [bob])
  const payload = quickly(await deckFor(db, ann.id))
  const { result } = await ann.client.quiz.spawn.mutate({ room: parent, payload })
  const { child } = result
  if (added === 'cem') {
    await ann.client.quiz.invite.mutate({ room: child, user: cem.id })
    await cem.client.quiz.join.mutate({ room: child })
  }
  return { ann, bob, cem, parent, child }
}
/** Ends the child, all that follows being done; where its occupants were returned to. */
async function back(child: string) {
  await endsAndDies(mortal.foyer, child)
  await foyer.quizzes.duties.catchUp(child)
  await isSettled(foyer, child)
  return returnedTo(child)
}
const reasonsIn = async (room: string, child: string) =>
  (await eventsIn(db, room)).filter((event) => event.type === 'evanescent.returned' && event.child === child)

describe('when the quizconductor terminates (seed 4), its occupants', () => {
  test('are returned to the parent, if there was no addition, with the reason as a message', async () => {
    const { ann, bob, parent, child } = await playing()
    using seen = watch(bob, child)
    await seen.until('the child', () => true)
    expect(await back(child)).toBe(parent)
    await until(() => seen.end === 'done', { what: 'the end of the stream' })
    expect(seen.view?.ended).toMatchObject({ reason: 'never-started', returnTo: { to: 'room', room: parent } })
    expect((await ann.client.quiz.get.query({ room: parent })).messages.at(-1)).toMatchObject({
      by: null,
      about: { type: 'returned', child, reason: 'never-started' },
    })
    expect(await newsOf(bob, parent)).toEqual([{ kind: 'room.added', from: ann.id }])
  })

  test('who had left the parent is added to it again, and needs no notification', async () => {
    const { ann, bob, parent, child } = await playing()
    await bob.client.quiz.leave.mutate({ room: parent })
    expect(await back(child)).toBe(parent)
    expect(await occupantsOf(parent)).toEqual([ann.id, bob.id])
    expect(await newsOf(bob, parent)).toEqual([{ kind: 'room.added', from: ann.id }])
    await isSettled(foyer, parent)
    expect((await ask(bob, [ann])).room).toBe(parent)
  })

  test('go to a new group room with exactly these occupants, if somebody was added', async () => {
    const { ann, bob, cem, parent, child } = await playing('cem')
    const to = await back(child)
    if (typeof to !== 'string') throw new Error('there is a room to go to')
    expect(to).not.toBe(parent)
    expect(await occupantsOf(to)).toEqual([ann.id, bob.id, cem.id])
    expect(await typesIn(db, to)).toEqual(['room.created', 'evanescent.returned'])
    expect(await occupantsOf(parent)).toEqual([ann.id, bob.id])
    expect(await reasonsIn(parent, child)).toEqual([])
    expect((await ask(cem, [ann, bob])).room).toBe(to)
    expect(await newsOf(cem, to)).toEqual([])
  })

  test('or to the one that there is', async () => {
    const { ann, bob, cem, child } = await playing('cem')
    const { room } = await ask(cem, [ann, bob])
    expect(await back(child)).toBe(room)
    expect(await reasonsIn(room, child)).toHaveLength(1)
  })

  test('a parent that has closed counts as none', async () => {
    const { ann, bob, parent, child } = await playing()
    for (const { client } of [ann, bob]) await client.quiz.leave.mutate({ room: parent })
    const to = await back(child)
    if (typeof to !== 'string') throw new Error('there is a room to go to')
    expect(to).not.toBe(parent)
    expect(await occupantsOf(to)).toEqual([ann.id, bob.id])
  })

  test('who is alone, and whose parent has closed, goes to the deck', async () => {
    const ann = await someone('ann')
    const { room } = await ask(ann, [])
    const deck = await deckFor(db, ann.id)
    const { result } = await ann.client.quiz.spawn.mutate({ room, payload: quickly(deck) })
    const { child } = result
    await ann.client.quiz.leave.mutate({ room })
    expect(await back(child)).toBeNull()
    expect((await ann.client.quiz.get.query({ room: child })).ended?.returnTo).toEqual({ to: 'deck', deck })
    expect((await typesIn(db, child)).filter((type) => type === 'room.returned')).toHaveLength(1)
  })

  test('a solo quiz that somebody was invited to returns to their group room', async () => {
    const [ann, bob] = [await someone('ann'), await someone('bob')]
    await befriend(ann, bob)
    const { room } = await ann.client.quiz.solo.mutate({ payload: quickly(await deckFor(db, ann.id)) })
    await ann.client.quiz.invite.mutate({ room, user: bob.id })
    await bob.client.quiz.join.mutate({ room })
    const to = await back(room)
    expect(await occupantsOf(to ?? '')).toEqual([ann.id, bob.id])
    expect((await ask(bob, [ann])).room).toBe(to ?? '')
  })
})

/** What must be true however it came about. */
async function isDoneOnce(child: string, users: readonly Person[]) {
  const to = await returnedTo(child)
  expect(await occupantsOf(to ?? '')).toEqual(users.map(({ id }) => id))
  expect(await reasonsIn(to ?? '', child)).toHaveLength(1)
  expect((await typesIn(db, child)).filter((type) => type === 'room.returned')).toHaveLength(1)
  const all = await db.collection('quizEvents').distinct('room', { users: users[0]?.id })
  const reasons = await Promise.all(all.map((room) => reasonsIn(String(room), child)))
  expect(reasons.flat()).toHaveLength(1)
  expect((await foyer.store.leases.ofRooms([child]))[0]).toMatchObject({ desired: 'off', status: 'ended' })
  expect(await foyer.store.duties.ofRoom(child)).toEqual([])
}

describe('the return is done once', () => {
  for (const added of ['nobody', 'cem'] as const) {
    test(`though several processes carry it out at once (${added} was added)`, async () => {
      for (const _ of times(rounds(2, 50))) {
        const { ann, bob, cem, child } = await playing(added)
        await endsAndDies(mortal.foyer, child)
        const all = [foyer, ...mortals.map((one) => one.foyer)]
        await Promise.all(all.map(({ quizzes }) => quizzes.duties.catchUp(child)))
        await isDoneOnce(child, added === 'cem' ? [ann, bob, cem] : [ann, bob])
      }
    })

    test(`though the process died at any of its writes, and the next one too (${added} was added)`, async () => {
      let died = 0
      for (let isWhole = false; !isWhole && died < 20; died++) {
        const { ann, bob, cem, child } = await playing(added)
        await endsAndDies(mortal.foyer, child)
        for (const { foyer: one } of mortals.slice(1)) {
          await using dying = dyingAt(one, died)
          await dying.catchUp(child)
          isWhole = dying.writes() < died
        }
        await foyer.quizzes.duties.catchUp(child)
        await isDoneOnce(child, added === 'cem' ? [ann, bob, cem] : [ann, bob])
      }
      // Each write was the last one of somebody.
      expect(died).toBeGreaterThan(added === 'cem' ? 5 : 4)
      expect(died).toBeLessThan(20)
    })
  }

  test('though the one who went on found other occupants in the room that was claimed', async () => {
    const { ann, bob, cem, child } = await playing('cem')
    const { room } = await ask(cem, [ann, bob])
    await endsAndDies(mortal.foyer, child)
    // The lease, for each event that ends it, then the claim of where to go; the message comes too late.
    await using dying = dyingAt(mortal.foyer, 3)
    await dying.catchUp(child)
    expect((await foyer.store.claims.byId(`return:${child}`))?.room).toBe(room)
    await cem.client.quiz.leave.mutate({ room })
    await foyer.quizzes.duties.catchUp(child)
    expect(await returnedTo(child)).not.toBe(room)
    await isDoneOnce(child, [ann, bob, cem])
  })
})
