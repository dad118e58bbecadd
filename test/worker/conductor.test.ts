import { describe, expect, test } from 'bun:test'
import { Registry } from 'prom-client'
import { createLog } from '../../server/log.ts'
import type { SendOptions } from '../../server/rooms/log.ts'
import type { Done, Watcher } from '../../server/rooms/room.ts'
import type { QuizCommand } from '../../shared/quiz/commands.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { type Rule, RuleError } from '../../shared/rules.ts'
import { cardCache } from '../../worker/conduct/cards.ts'
import { createConductor, type Over } from '../../worker/conduct/conductor.ts'
import { HeldLease, stampOf } from '../../worker/conduct/lease.ts'
import { createConductorMetrics } from '../../worker/conduct/metrics.ts'
import { until } from '../kit/until.ts'
import { user } from '../quiz/memory.ts'
import { conducted, solo } from '../quiz/rooms.ts'

type Sent = SendOptions<QuizCommand>
type Seen = (sent: Sent) => 'lost' | Rule | null

/** A conductor over a log in memory, on clocks that the test moves. `fate`: of what is sent; `lost`: it is done, and nobody hears. */
function open(quiz: ReturnType<typeof solo>, fate: Seen = () => null) {
  const time = { mono: 0 }
  const ticks = { mono: () => time.mono, wall: () => time.mono }
  const sent: Sent[] = []
  const done = new Set<string>()
  const watchers = new Set<Watcher<QuizState>>()
  const over: Over[] = []
  const metrics = createConductorMetrics(new Registry())
  const count = async (name: 'epochs' | 'staleCommits') => (await metrics[name].get()).values[0]?.value

  const act = (given: Sent): Done<QuizState> => {
    const replayed = done.has(given.id)
    const outcome = replayed ? null : quiz.send(given.command, given.actor)
    if (outcome !== null && 'rule' in outcome) throw new RuleError(outcome.rule)
    done.add(given.id)
    return { seq: quiz.it.seq, replayed, result: null, state: quiz.it }
  }
  const head = () => ({ state: quiz.it, seq: quiz.it.seq, last: null })
  const rooms = {
    read: async () => quiz.it,
    watch: async (_: string, watcher: Watcher<QuizState>) => {
      watchers.add(watcher)
      return { head: head(), [Symbol.dispose]: () => void watchers.delete(watcher) }
    },
    send: async (given: Sent) => {
      sent.push(given)
      const rule = fate(given)
      if (rule !== null && rule !== 'lost') throw new RuleError(rule)
      const outcome = act(given)
      if (rule === 'lost') throw new RuleError('unknown-outcome')
      return outcome
    },
  }
  const attend = () => ({
    present: () => null,
    changesAt: () => null,
    quietSince: () => null,
    [Symbol.dispose]: () => {},
  })
  const parts = {
    rooms,
    cards: cardCache(async () => quiz.cards, ticks.mono),
    audience: { attend },
    now: () => new Date(quiz.now),
    mono: ticks.mono,
    holder: 'w1',
    dormantMs: 1_000,
    passes: () => {},
    isFenced: true,
    metrics,
    log: createLog('test', 'silent'),
  }
  const conductor = createConductor(parts, {
    room: quiz.it.room,
    onProgress: () => {},
    onOver: (why) => over.push(why),
  })
  const leaseOf = (epoch: number) =>
    new HeldLease({ epoch, claim: `c${epoch}`, sent: stampOf(ticks), deadlineMs: 10_000, ticks })
  const tell = () => {
    for (const watcher of watchers) watcher.reset(head())
  }
  return { conductor, time, sent, over, count, leaseOf, tell, watchers }
}
const types = (sent: readonly Sent[]) =>
  sent.map(({ command }) => (command.type === 'conduct' ? command.step.type : command.type))

describe('a conductor', () => {
  test('says that it has begun before anything else, and then does what is due', async () => {
    const quiz = solo()
    quiz.now += 60_000
    const { conductor, sent, leaseOf, count } = open(quiz)
    conductor.begin(leaseOf(2))
    await until(() => quiz.game.phase === 'question', { what: 'the question' })
    expect(types(sent)).toEqual(['conductorStarted', 'begin'])
    expect(sent.map(({ actor }) => actor.user)).toEqual(['conductor', 'conductor'])
    expect(await count('epochs')).toBe(1)
    conductor.stop()
  })

  test('sends again under the same id what it has no answer to', async () => {
    const quiz = solo()
    quiz.now += 60_000
    let losses = 0
    const { conductor, sent, leaseOf } = open(quiz, () => (losses++ < 4 && losses % 2 === 1 ? 'lost' : null))
    conductor.begin(leaseOf(2))
    await until(() => sent.length === 4, { what: 'the repeats' })
    const [started, again, begin, repeat] = sent
    expect([again?.id, repeat?.id]).toEqual([started?.id, begin?.id])
    expect(repeat?.command).toBe(begin?.command)
    expect(quiz.events.filter(({ type }) => type === 'round.started')).toHaveLength(1)
    conductor.stop()
  })

  test('does nothing when its lease is over, and goes on under the next one', async () => {
    const quiz = solo()
    const { conductor, sent, leaseOf, time, tell } = open(quiz)
    conductor.begin(leaseOf(2))
    await until(() => sent.length === 1 && conductor.busySince() === null, { what: 'the beginning' })
    time.mono += 10_000
    quiz.now += 60_000
    quiz.control({ name: 'pause' })
    quiz.control({ name: 'resume' })
    quiz.now += 60_000
    tell()
    await Promise.resolve()
    expect(types(sent)).toEqual(['conductorStarted'])
    conductor.begin(leaseOf(3))
    await until(() => quiz.game.phase === 'question', { what: 'the question' })
    expect(types(sent)).toEqual(['conductorStarted', 'conductorStarted', 'begin'])
    expect(quiz.it.conductor.epoch).toBe(3)
    conductor.stop()
  })

  test('is over at the first proof of a newer epoch', async () => {
    const quiz = conducted()
    const { conductor, leaseOf, over, count, tell, sent, watchers } = open(quiz)
    conductor.begin(leaseOf(2))
    await until(() => sent.length === 1 && conductor.busySince() === null, { what: 'the beginning' })
    quiz.epoch = 2
    quiz.startConductor('w2')
    quiz.now += 60_000
    tell()
    await until(() => over.length > 0, { what: 'the end' })
    expect([over, await count('staleCommits'), watchers.size]).toEqual([['stale'], 1, 0])
    expect(quiz.it.conductor).toMatchObject({ epoch: 3, holder: 'w2' })
  })

  test('is not to begin under an epoch that the log has seen, nor where another one plays an evanescent quiz', async () => {
    const seen = open(conducted())
    seen.conductor.begin(seen.leaseOf(1))
    await until(() => seen.over.length > 0, { what: 'the end' })
    expect(seen.over).toEqual(['stale'])
    const quiz = solo()
    quiz.startConductor('w1')
    quiz.epoch = 8
    const other = open(conductedBy(quiz, 'w9'))
    other.conductor.begin(other.leaseOf(9))
    await until(() => other.over.length > 0, { what: 'the end' })
    expect(other.over).toEqual(['failed'])
  })

  test('looks again when the room has moved on', async () => {
    const quiz = conducted()
    quiz.now += 60_000
    let isFirst = true
    const { conductor, sent, leaseOf } = open(quiz, ({ command }) => {
      if (command.type !== 'conduct' || !isFirst) return null
      isFirst = false
      quiz.does({ type: 'message', text: 'hello', proposal: null }, user('ann'))
      return 'version-conflict'
    })
    conductor.begin(leaseOf(2))
    await until(() => quiz.game.phase === 'question', { what: 'the question' })
    expect(types(sent)).toEqual(['conductorStarted', 'begin', 'begin'])
    expect(sent[1]?.id).not.toBe(sent[2]?.id)
    conductor.stop()
  })

  test('is over when the room is, or has none any more', async () => {
    const quiz = conducted()
    const { conductor, leaseOf, over, tell, sent } = open(quiz)
    conductor.begin(leaseOf(2))
    await until(() => sent.length === 1 && conductor.busySince() === null, { what: 'the beginning' })
    quiz.does({ type: 'terminate' }, user('ann'))
    tell()
    await until(() => over.length > 0, { what: 'the end' })
    expect(over).toEqual(['off'])
  })

  test('that hands over says so in the log, after what was on its way, and acts no more', async () => {
    const quiz = solo()
    const { conductor, leaseOf, sent, tell } = open(quiz)
    conductor.begin(leaseOf(2))
    await until(() => sent.length === 1, { what: 'its first words' })
    await conductor.handOver()
    expect(types(sent)).toEqual(['conductorStarted', 'conductorReleased'])
    expect(quiz.it.conductor).toMatchObject({ epoch: 2, holder: null })
    quiz.now += 60_000
    tell()
    conductor.begin(leaseOf(3))
    await Promise.resolve()
    expect(sent).toHaveLength(2)
  })
})

/** The same room, whose conductor is another process's. */
function conductedBy(quiz: ReturnType<typeof solo>, holder: string) {
  quiz.does({ type: 'conductorReleased', epoch: 2, why: 'handover' }, { user: 'worker', service: true })
  quiz.epoch = 7
  quiz.startConductor(holder)
  return quiz
}
