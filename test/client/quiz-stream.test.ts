import { describe, expect, test } from 'bun:test'
import { RuleError } from '../../shared/rules.ts'
import { until } from '../kit/until.ts'
import { user } from '../quiz/memory.ts'
import { group, hosted, ROOM, solo, text } from '../quiz/rooms.ts'
import { FakeQuizLink } from './fake-quiz-link.ts'
import { FakeQuizzes } from './fake-quiz.ts'
import { openedBy, openedQuiz } from './opened-quiz.ts'

const say = (quizzes: FakeQuizzes, words: string, by = 'bob') =>
  quizzes.inRoom(ROOM, (room) => room.does({ type: 'message', ...text(words) }, user(by)))
const wordsOf = ({ view }: { view: { messages: readonly { text: string }[] } }) => view.messages.map((one) => one.text)
const level = (quiz: { view: { version: number } }, quizzes: FakeQuizzes) =>
  until(() => quiz.view.version === quizzes.rooms.get(ROOM)?.log.length, { what: 'it has all' })

describe('an open room', () => {
  test('shows what others do, in order, each time as another view', async () => {
    const { quiz, quizzes } = await openedQuiz(group('bob'))
    const views = new Set([quiz.view])
    quiz.subscribe(() => void views.add(quiz.view))
    for (const words of ['one', 'two', 'three']) {
      say(quizzes, words)
      await level(quiz, quizzes)
    }
    expect(wordsOf(quiz)).toEqual(['hello', 'one', 'two', 'three'])
    expect([...views].map((view) => view.messages.length)).toEqual([1, 2, 3, 4])
    expect(quiz.snapshot).toBe(quiz.snapshot)
  })

  test('calls a listener as often as it was given, until it is taken off', async () => {
    const { quiz, quizzes } = await openedQuiz(group('bob'))
    let calls = 0
    const listener = () => void calls++
    const [one, two] = [quiz.subscribe(listener), quiz.subscribe(listener)]
    say(quizzes, 'one')
    await level(quiz, quizzes)
    expect(calls).toBe(2)
    one()
    say(quizzes, 'two')
    await level(quiz, quizzes)
    expect(calls).toBe(3)
    two()
    say(quizzes, 'three')
    await level(quiz, quizzes)
    expect(calls).toBe(3)
  })

  test('whose stream was cut has missed nothing: it asks on from its version, and gets all of the room where that is not enough', async () => {
    const { quiz, quizzes, link } = await openedQuiz(group('bob'))
    say(quizzes, 'one')
    await level(quiz, quizzes)
    const { view } = quiz
    link.cut()
    await until(() => quiz.state === 'offline', { what: 'it sees that' })
    await until(() => quiz.state === 'online', { what: 'it is back' })
    expect(quiz.view).toBe(view)
    expect(link.asked).toEqual([2, 3])
    link.down()
    for (const words of ['two', 'three']) say(quizzes, words)
    await until(() => quiz.state === 'offline', { what: 'it sees that' })
    expect(quiz.view).toBe(view)
    link.up()
    await level(quiz, quizzes)
    expect(wordsOf(quiz)).toEqual(['hello', 'one', 'two', 'three'])
    say(quizzes, 'four')
    await level(quiz, quizzes)
    expect(wordsOf(quiz).at(-1)).toBe('four')
    expect(link.streams.size).toBe(1)
  })

  test('passes over frames that come twice, and all of the room from before', async () => {
    const { quiz, quizzes, link } = await openedQuiz(group('bob'))
    const old = quizzes.seen(ROOM, 'ann')
    const [stream] = link.streams
    const message = { seq: 3, at: 1, by: 'bob', text: 'once', about: null }
    const change = { version: 3, at: 1, parts: {}, member: null, message }
    const frame = { kind: 'changes', version: 3, changes: [change] } as const
    let shown = 0
    quiz.subscribe(() => void shown++)
    for (let i = 0; i < 3; i++) stream?.send(frame)
    stream?.send({ kind: 'snapshot', version: 2, why: 'slow', view: old })
    expect(wordsOf(quiz)).toEqual(['hello', 'once'])
    expect(shown).toBe(1)
  })

  test('is replaced by all of the room, whatever that says', async () => {
    const { quiz, quizzes, link } = await openedQuiz(group('bob'))
    const view = { ...quizzes.seen(ROOM, 'ann'), version: 90, messages: [], invited: ['cy'] }
    const [stream] = link.streams
    stream?.send({ kind: 'snapshot', version: 90, why: 'slow', view })
    const { now: _, ...shown } = view
    expect(quiz.view).toEqual(shown)
  })

  test('comes by polls where streams are blocked', async () => {
    const quizzes = new FakeQuizzes(group('bob'))
    const link = new FakeQuizLink(quizzes, 'ann')
    link.hasStreams = false
    const { quiz } = await openedBy(link)
    say(quizzes, 'polled')
    await level(quiz, quizzes)
    expect(quiz.state).toBe('online')
    await quiz.message('mine')
    expect(wordsOf(quiz)).toEqual(['hello', 'polled', 'mine'])
  })
})

describe('opening', () => {
  test('takes a seat for who has none, and only then', async () => {
    const quizzes = new FakeQuizzes(hosted())
    const ann = await openedQuiz(quizzes)
    expect(quizzes.calls.map(({ path }) => path)).not.toContain('join')
    const bob = await openedQuiz(quizzes, 'bob')
    expect(bob.quiz.view.occupants).toEqual(['ann', 'bob'])
    await level(ann.quiz, quizzes)
    expect(ann.quiz.view.occupants).toEqual(['ann', 'bob'])
    await bob.quiz.leave()
    expect(bob.ends).toEqual([{ why: 'left' }])
    await expect(new FakeQuizLink(quizzes, 'bob').open({ room: ROOM, join: false })).rejects.toMatchObject({
      rule: 'not-occupant',
    })
  })

  test('leaves the owner of a deck`s room without a seat if that is wanted, and so in it', async () => {
    const { quiz, quizzes } = await openedQuiz(hosted({ guests: ['bob'] }))
    await quiz.leave()
    expect([quiz.end, quiz.view.occupants]).toEqual([null, ['bob']])
    const again = await openedQuiz(quizzes, 'ann', { join: false })
    expect([again.quiz.view.role, again.quiz.view.occupants]).toEqual(['host', ['bob']])
    await quiz.join()
    await level(again.quiz, quizzes)
    expect(again.quiz.view.occupants).toEqual(['bob', 'ann'])
  })

  test('is refused by the service`s rules', async () => {
    const open = (quizzes: FakeQuizzes, room: string) =>
      new FakeQuizLink(quizzes, 'eve').open({ room }).catch(({ rule }) => rule)
    const alone = new FakeQuizzes(solo())
    expect(await open(alone, [...alone.rooms.keys()][0] ?? '')).toBe('not-invited')
    expect(await open(alone, 'nowhere')).toBe('room-gone')
  })

  test('that is aborted leaves nothing open', async () => {
    const quizzes = new FakeQuizzes(group('bob'))
    const link = new FakeQuizLink(quizzes, 'ann')
    link.isUp = false
    const abort = new AbortController()
    const opening = link.open({ room: ROOM, signal: abort.signal })
    abort.abort()
    await expect(opening).rejects.toMatchObject({ rule: 'aborted' })
    expect(quizzes.readers).toBe(0)
  })
})

describe('a room is over', () => {
  test('for who was kicked, after what did it', async () => {
    const { quiz, quizzes, ends } = await openedQuiz(hosted({ guests: ['bob'] }), 'bob')
    quizzes.inRoom(ROOM, (room) => {
      room.control({ name: 'kick', user: 'bob' })
      room.run()
    })
    await until(() => quiz.state === 'ended', { what: 'the end' })
    expect(ends).toEqual([{ why: 'out' }])
    expect(quiz.view.occupants).toEqual(['ann'])
    expect(quizzes.readers).toBe(0)
    await expect(quiz.message('but')).rejects.toMatchObject({ rule: 'not-occupant' })
  })

  test('for who left it in another tab, or was away meanwhile', async () => {
    const { quiz, quizzes, link, ends } = await openedQuiz(group('bob'), 'bob')
    link.down()
    quizzes.inRoom(ROOM, (room) => room.does({ type: 'leave' }, user('bob')))
    link.up()
    await until(() => quiz.state === 'ended', { what: 'the end' })
    expect(ends).toMatchObject([{ why: 'out', error: { rule: 'not-occupant' } }])
  })

  test('by close, once, and says so to what waits', async () => {
    const { quiz, quizzes, link, ends } = await openedQuiz(group('bob'))
    link.isUp = false
    const waiting = quiz.message('lost').catch(({ rule }) => rule)
    quiz.close()
    quiz.close()
    expect([await waiting, ends]).toEqual(['aborted', [{ why: 'closed' }]])
    await expect(quiz.message('late')).rejects.toMatchObject({ rule: 'aborted' })
    expect(quizzes.readers).toBe(0)
  })

  test('since the server does not take the token any more', async () => {
    const { quiz, link } = await openedQuiz(group('bob'))
    link.refusal = new RuleError('unauthorized')
    link.cut()
    await until(() => quiz.state === 'ended', { what: 'the end' })
    expect(quiz.end).toMatchObject({ why: 'lost', error: { rule: 'unauthorized' } })
  })
})
