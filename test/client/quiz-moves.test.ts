import { describe, expect, test } from 'bun:test'
import { commandId } from '../../client/room/command-id.ts'
import { until } from '../kit/until.ts'
import { user } from '../quiz/memory.ts'
import { add, CHILD, DECK, deckOf, group, payloadOf, ROOM, solo, text } from '../quiz/rooms.ts'
import { FakeQuizLink } from './fake-quiz-link.ts'
import { FakeQuizzes } from './fake-quiz.ts'
import { closing, followed, openedQuiz } from './opened-quiz.ts'

/** Plays an evanescent room to its end. */
const playOut = (quizzes: FakeQuizzes, child: string) =>
  quizzes.inRoom(child, (room) => {
    for (let i = 0; i < 500 && room.it.ended === null; i++) room.pass(60_000)
  })

const spawnOf = (child: string) => ({ type: 'spawn', child, payload: payloadOf(), facts: deckOf() }) as const

/** Ann and bob in a group room, following it. */
async function both(quizzes = new FakeQuizzes(group('bob'))) {
  const [ann, bob] = ['ann', 'bob'].map((name) => followed(new FakeQuizLink(quizzes, name), { room: ROOM }))
  if (ann === undefined || bob === undefined) throw new Error('there are two')
  const areIn = (room: string) => Promise.all([ann.isIn(room), bob.isIn(room)])
  await areIn(ROOM)
  const spawn = async () => {
    const { quiz } = ann.follow.status
    const child = (await quiz?.spawn({ deck: DECK })) ?? ''
    await areIn(child)
    return child
  }
  return { quizzes, ann, bob, areIn, spawn }
}

describe('a handle', () => {
  test('tells that a room was spawned, and from which', async () => {
    const { quiz, quizzes, moves } = await openedQuiz(group('bob'), 'bob')
    quizzes.run('ann', { room: ROOM, command: spawnOf('there') }, commandId(Date.now()))
    await until(() => moves.length > 0, { what: 'the move' })
    expect(moves).toEqual([{ to: 'room', room: 'there', from: ROOM }])
    expect(quiz.move).toBe(moves[0] ?? null)
    expect(quiz.end).toBeNull()
  })

  test('tells where to go at the end: home, once that is known', async () => {
    const { quizzes, spawn } = await both()
    const child = await spawn()
    const { quiz, moves, ends } = await openedQuiz(quizzes, 'bob', { room: child, from: ROOM })
    quizzes.isReturnHeld = true
    playOut(quizzes, child)
    await until(() => quiz.view.ended !== null, { what: 'the end' })
    expect([moves, ends, quiz.state]).toEqual([[], [], 'online'])
    quizzes.return(child)
    quizzes.follow()
    await until(() => quiz.state === 'ended', { what: 'the return' })
    expect(moves).toEqual([{ to: 'room', room: ROOM, from: null }])
    expect(ends).toEqual([{ why: 'ended', reason: 'finished' }])
  })

  test('tells a solo player to go to the deck', async () => {
    const { quiz, quizzes, moves, ends } = await openedQuiz(solo())
    playOut(quizzes, CHILD)
    await until(() => quiz.state === 'ended', { what: 'the end' })
    expect(moves).toEqual([{ to: 'deck', deck: DECK }])
    expect(ends).toMatchObject([{ why: 'ended' }])
    const again = await openedQuiz(quizzes)
    expect([again.quiz.state, again.quiz.move]).toEqual(['ended', { to: 'deck', deck: DECK }])
    expect(quizzes.readers).toBe(0)
  })
})
describe('who follows', () => {
  test('is in one room at a time: the group`s, the spawned one, the group`s again, as often as that happens', async () => {
    const { quizzes, ann, bob, areIn, spawn } = await both()
    const children: string[] = []
    for (let round = 0; round < 3; round++) {
      const child = await spawn()
      children.push(child)
      playOut(quizzes, child)
      await areIn(ROOM)
    }
    const path = [ROOM, ...children.flatMap((child) => [child, ROOM])]
    expect([ann.rooms, bob.rooms]).toEqual([path, path])
    expect(quizzes.readers).toBe(2)
    const { status } = ann.follow
    expect(status.status === 'open' && status.view.messages.at(-1)?.about).toMatchObject({ type: 'returned' })
  })

  test('and is late goes to the spawned room if it is still there', async () => {
    const { quizzes, spawn } = await both(new FakeQuizzes(group('bob', 'cy')))
    const child = await spawn()
    const late = followed(new FakeQuizLink(quizzes, 'cy'), { room: ROOM })
    await late.isIn(child)
    expect(late.rooms).toEqual([ROOM, child])
    expect(quizzes.calls.findLast(({ path }) => path === 'get')?.input).toMatchObject({ room: child, from: ROOM })
  })

  test('and is too late stays, also where nobody came back to this room', async () => {
    const { quizzes, areIn, spawn } = await both()
    const child = await spawn()
    // Who was added makes it another group.
    quizzes.inRoom(child, (room) => add(room, 'cy'))
    playOut(quizzes, child)
    const returned = `${child}:ended`
    await areIn(returned)
    const late = await openedQuiz(quizzes, 'bob', { room: ROOM })
    await until(() => quizzes.calls.at(-1)?.input.room === child, { what: 'it asks for the child' })
    await late.quiz.message('nobody here')
    expect([late.quiz.move, late.moves]).toEqual([null, []])
    expect(late.quiz.view.messages.map(({ about }) => about?.type)).toContain('spawned')
  })

  test('and was away while all of it happened is where it ended', async () => {
    const quizzes = new FakeQuizzes(group('bob'))
    const link = new FakeQuizLink(quizzes, 'bob')
    const bob = followed(link, { room: ROOM })
    await bob.isIn(ROOM)
    link.down()
    await until(() => bob.follow.status.status === 'open' && bob.follow.status.state === 'offline', {
      what: 'the outage',
    })
    const { quiz } = await openedQuiz(quizzes)
    const child = await quiz.spawn({ deck: DECK })
    playOut(quizzes, child)
    const second = await quiz.spawn({ deck: DECK })
    link.up()
    await bob.isIn(second)
    expect(bob.rooms).toEqual([ROOM, second])
    link.down()
    playOut(quizzes, second)
    link.up()
    await bob.isIn(ROOM)
    expect(bob.rooms).toEqual([ROOM, second, ROOM])
  })

  test('and has no seat in the spawned room stays in this one', async () => {
    const { quizzes, spawn } = await both()
    const child = await spawn()
    quizzes.inRoom(ROOM, (room) => room.does({ type: 'join', facts: { friends: ['ann'] } }, user('dan')))
    const { quiz, moves } = await openedQuiz(quizzes, 'dan', { room: ROOM })
    await until(() => quizzes.calls.at(-1)?.input.room === child, { what: 'it asks for the child' })
    await quiz.message('anybody?')
    expect([quiz.move, moves]).toEqual([null, []])
  })

  test('keeps on trying to get into the next room, and shows this one meanwhile', async () => {
    const quizzes = new FakeQuizzes(group('bob'))
    const link = new FakeQuizLink(quizzes, 'bob')
    const bob = followed(link, { room: ROOM })
    await bob.isIn(ROOM)
    let lost = 0
    link.fate = ({ input }) => (input.from === ROOM && lost++ < 4 ? 'lose-request' : 'pass')
    const { quiz } = await openedQuiz(quizzes)
    const child = await quiz.spawn({ deck: DECK })
    await until(() => lost > 1, { what: 'it tries' })
    expect(bob.follow.status).toMatchObject({ status: 'open', room: ROOM })
    await bob.isIn(child)
  })

  test('and has spawned the room hears which it is, also where the stream was faster than the reply', async () => {
    const { quizzes, ann, areIn } = await both()
    const { link } = ann
    link.fate = ({ path }) => (path === 'spawn' ? 'lose-reply' : 'pass')
    const { quiz } = ann.follow.status
    const child = await quiz?.spawn({ deck: DECK })
    await areIn(child ?? '')
    expect(quizzes.calls.filter(({ path }) => path === 'spawn')).toHaveLength(1)
  })

  test('may come back to a room that kept them out', async () => {
    const quizzes = new FakeQuizzes(group('bob'))
    const eve = closing(followed(new FakeQuizLink(quizzes, 'eve'), { room: 'nowhere' }).follow)
    await until(() => eve.status.status === 'failed', { what: 'the failure' })
    expect(eve.status).toMatchObject({ room: 'nowhere', error: { rule: 'room-gone' } })
    const bob = followed(new FakeQuizLink(quizzes, 'bob'), { room: ROOM })
    await bob.isIn(ROOM)
    quizzes.inRoom(ROOM, (room) => room.does({ type: 'leave' }, user('bob')))
    await until(() => bob.follow.status.status === 'ended', { what: 'the end' })
    bob.follow.reopen()
    expect(bob.follow.status.status).toBe('opening')
    await bob.isIn(ROOM)
    quizzes.inRoom(ROOM, (room) => room.does({ type: 'message', ...text('welcome') }, user('ann')))
    await until(
      () => bob.follow.status.status === 'open' && bob.follow.status.view.messages.at(-1)?.text === 'welcome',
      { what: 'the message' },
    )
  })

  test('is in no room after close, whatever was under way', async () => {
    const quizzes = new FakeQuizzes(group('bob'))
    for (const name of ['ann', 'bob']) {
      const { follow, isIn } = followed(new FakeQuizLink(quizzes, name), { room: ROOM })
      if (name === 'ann') await isIn(ROOM)
      follow.close()
      follow.reopen()
    }
    await until(() => quizzes.readers === 0, { what: 'no stream is open' })
  })
})
