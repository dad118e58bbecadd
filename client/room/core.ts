import type { Operation } from '../../shared/room/operations.ts'
import type { CommandReply, RoomFrame, RoomNews } from '../../shared/room/schema.ts'
import { RuleError } from '../../shared/rules.ts'
import { FoyerError, toFoyerError } from '../errors.ts'
import { retry } from '../retry.ts'
import { createArrival } from './arrival.ts'
import type { Attempt, RoomCalls } from './calls.ts'
import type { Refusal } from './carry.ts'
import type { Command } from './command.ts'
import { type ServiceClock, underNewId } from './command-id.ts'
import { endFrom, endOf, errorOf } from './end.ts'
import { eventsIn, newsIn, stateOf } from './frames.ts'
import { wireCopy } from './input.ts'
import type { QueueKeeper } from './kept.ts'
import { createOutbox, type Refused } from './outbox.ts'
import type { EditReply } from './part.ts'
import { presenceList } from './presence.ts'
import type { Publisher } from './publisher.ts'
import type { EditOptions, Folded, Replica } from './replica.ts'
import type { DataSchema, RoomEnd, SeenEvent } from './types.ts'

export interface CoreOptions<S extends DataSchema> {
  replica: Replica
  publisher: Publisher<S>
  clock: ServiceClock
  calls: RoomCalls
  keeper: QueueKeeper
  /** How many own edits may wait. */
  maxQueue: number
  life: AbortController
}

export interface CoreEdit {
  ifVersion?: number | undefined
  reverses?: EditOptions['reverses']
}

/** Brings together what the application does, what the server says, and what is shown. */
export function createCore<S extends DataSchema>(options: CoreOptions<S>) {
  const { replica, publisher, clock, calls, keeper, maxQueue, life } = options
  const { signal } = life
  const present = presenceList()
  let isPolling = false
  let isKeeping = false
  let stream = { again: () => {}, wake: () => {} }

  const keepNow = () => keeper.write({ version: replica.stand, commands: replica.pending.commands })
  /** Once a turn, whatever happens in it. */
  const keep = (): void => {
    if (isKeeping) return
    isKeeping = true
    queueMicrotask(() => {
      isKeeping = false
      if (!signal.aborted) keepNow()
    })
  }

  const end = (over: RoomEnd): void => {
    if (signal.aborted) return
    life.abort()
    // What a room that goes on did not take may go with the next page.
    const isLost = over.why !== 'closed' && over.why !== 'lost'
    if (isLost) keeper.write({ version: replica.stand, commands: [] })
    else keepNow()
    keeper.release()
    for (const { parts, wire } of replica.pending.commands) {
      // What was sent may have been done.
      const error = wire === null || over.error !== undefined ? errorOf(over) : new FoyerError('aborted')
      for (const { answer } of parts) answer?.refused(error)
    }
    arrival.end()
    publisher.enter('ended')
    publisher.emit('ended', over)
  }

  const tellRefused = (refused: readonly Refused[]): void => {
    if (refused.length === 0) return
    publisher.changed('rejected', [])
    for (const { part, error } of refused) {
      part.answer?.refused(error)
      publisher.emit('rejected', { operations: part.operations, error })
    }
  }
  const refusedOf = (refusals: readonly Refusal[]): Refused[] =>
    refusals.map(({ part, error }) => ({ part, error: toFoyerError(error) }))

  /** After the replica has taken in what the server said. */
  const moved = (folded: readonly Folded[]): void => {
    arrival.moved()
    keep()
    const over = endOf(replica.confirmed, replica.actor, folded)
    if (over !== null) end(over)
  }

  const takeNews = (news: RoomNews, after: Command | null = null): void => {
    const before = replica.at
    const refused = replica.reset(stateOf(news), after)
    if (replica.at === before) return
    publisher.changed('resync', [])
    tellRefused(refusedOf(refused))
    moved([])
  }

  const takeEvents = (events: ReturnType<typeof eventsIn>, from: number): boolean => {
    const taken = replica.fold(events, from)
    if (taken === null) return false
    const { folded, refused } = taken
    if (folded.length === 0) return true
    const seen = folded.map(({ event, own }): SeenEvent => ({ ...event, own, pending: false }))
    publisher.changed('events', seen)
    tellRefused(refusedOf(refused))
    moved(folded)
    return true
  }

  const takeFrame = (frame: RoomFrame): void => {
    if (signal.aborted) return
    if (frame.kind === 'presence') publisher.present(present.take(frame))
    else if (frame.kind === 'snapshot') takeNews(newsIn(frame.view))
    else if (frame.kind === 'events' && !takeEvents(eventsIn(frame.events), frame.from)) stream.again()
  }

  const arrival = createArrival({
    replica,
    signal,
    get: calls.get,
    isPolling: () => isPolling,
    wake: () => stream.wake(),
    takeNews,
    onEnd: (error) => end(endFrom(error)),
  })

  const outbox = createOutbox({
    replica,
    clock,
    signal,
    // A whole room in the reply would pass over the events before it, over which the edits that wait are to be carried.
    send: (id, wire, one) => calls.edit(wire)({ id, reply: isPolling ? 'room' : 'result' }, one),
    arrived: arrival.arrived,
    onChange: () => {
      keep()
      publisher.touch()
    },
    onRefused: tellRefused,
    onEnd: (error) => end(endFrom(error)),
  })

  const edit = (given: readonly Operation[], { ifVersion, reverses }: CoreEdit = {}): Promise<EditReply> => {
    const { promise, resolve, reject } = Promise.withResolvers<EditReply>()
    // Who does not await it listens to `rejected`, or does not care.
    promise.catch(() => {})
    const refuse = (error: FoyerError) => {
      reject(error)
      if (reverses === undefined) publisher.emit('rejected', { operations: given, error })
      return promise
    }
    if (signal.aborted) return refuse(new FoyerError('aborted'))
    if (replica.pending.waiting >= maxQueue)
      return refuse(new FoyerError('queue-full', { details: { limit: maxQueue } }))
    const operations = wireCopy(given)
    if (operations instanceof FoyerError) return refuse(operations)
    const part = replica.edit(operations, { id: outbox.newId, now: clock.now(), ifVersion, reverses })
    if (part instanceof RuleError) return refuse(toFoyerError(part))
    const unfit = publisher.mayBe(replica.view.data)
    if (unfit !== null) {
      replica.withdraw(part)
      return refuse(unfit)
    }
    part.answer = { done: resolve, refused: reject }
    publisher.changed('edit', [pendingEvent(part.applied)])
    keep()
    void outbox.run()
    return promise
  }

  const pendingEvent = (operations: readonly Operation[]): SeenEvent => ({
    type: 'data.edited',
    operations,
    at: clock.now(),
    by: replica.actor.user,
    command: replica.pending.commands.at(-1)?.id ?? '',
    own: true,
    pending: true,
  })

  const reverse = async (kind: 'undo' | 'redo'): Promise<boolean> => {
    const step = signal.aborted ? null : replica.history.take(kind, replica.view.data)
    publisher.touch()
    if (step === null || step.operations instanceof RuleError) return false
    return edit(step.operations, { reverses: { kind, taken: step.taken } }).then(
      () => true,
      () => false,
    )
  }

  /** Any other command, after the edits that were made before it. */
  const command = (attempt: Attempt): Promise<CommandReply> =>
    outbox.exclusive(() => underNewId(clock, (id) => retry((one) => attempt({ id, reply: 'result' }, one), { signal })))

  return {
    outbox,
    edit,
    reverse,
    command,
    takeFrame,
    takeEvents,
    reaches: arrival.reaches,
    arrived: arrival.arrived,
    end,
    keep,
    /** Where the frames come from. */
    follow: (from: typeof stream) => void (stream = from),
    reached: (reach: 'stream' | 'polls' | 'none'): void => {
      isPolling = reach === 'polls'
      if (reach !== 'none') outbox.wake()
      publisher.enter(reach === 'none' ? 'offline' : 'online')
    },
  }
}
export type Core<S extends DataSchema> = ReturnType<typeof createCore<S>>
