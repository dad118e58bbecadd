import { type TrackedEnvelope, tracked } from '@trpc/server'
import type { QuizFrame } from '../../shared/quiz/wire.ts'
import { RuleError } from '../../shared/rules.ts'
import { actorOf } from '../rooms/access.ts'
import { versionOf } from '../rooms/events.ts'
import { Inlet } from '../rooms/inlet.ts'
import { pull, type Subscriber } from '../rooms/pull.ts'
import { randomId } from '../secrets.ts'
import type { Services } from '../services.ts'
import type { Audience } from './audience.ts'
import { QuizFollower, type QuizItem } from './follower.ts'
import type { QuizRooms } from './open.ts'

export interface QuizEventsOptions {
  room: string
  as?: string | undefined
  from?: string | undefined
  after?: number | undefined
  lastEventId?: string | null | undefined
}

export interface QuizEventsParts {
  services: Services
  rooms: QuizRooms
  audience: Audience
  /** Makes a room that follows from another one, if it is not there yet. */
  arrive: (room: string, from: string | undefined) => Promise<void>
}

/** What the stream of a quiz room has. Exported, since the declarations of the package can name nothing else of it. */
export type QuizEventsItem = TrackedEnvelope<QuizFrame>

/** The subscription of quiz rooms: each viewer's own frames (room-log.md 16, 17). */
export function createQuizEvents({ services, rooms, audience, arrive }: QuizEventsParts) {
  const { store, metrics } = services
  const now = () => store.clock.now().getTime()
  const delivered = (at: number) => metrics.quizDelivery.observe((now() - at) / 1_000)
  const frames = {
    snapshot: metrics.quizFrames.labels({ kind: 'snapshot' }),
    changes: metrics.quizFrames.labels({ kind: 'changes' }),
    counts: metrics.quizFrames.labels({ kind: 'counts' }),
  }

  /**
   * A room as its viewer sees it: all of it, then what changes, each frame tracked by its version. Who resumes with the newest version
   * hears only what is new, anybody else all of the room again, so that views converge whatever was missed (seed 4). Counts have no
   * place in the order of versions; theirs is one that never comes again. Completes when the room has ended and where to go is told.
   * Errors: room-gone (there never was one), not-occupant (kicked or left meanwhile, too), unauthorized, room-unsound, shutting-down;
   * bad-request (a foreign lastEventId).
   */
  return async function* events(
    subscriber: Subscriber,
    { room, as, from, after, lastEventId }: QuizEventsOptions,
  ): AsyncGenerator<QuizEventsItem, void> {
    const { user } = actorOf(subscriber.account, as)
    const resumed = versionOf(lastEventId) ?? after ?? null
    await arrive(room, from)
    using inlet = new Inlet<QuizItem>()
    const follower = new QuizFollower({
      ...{ room, user, after: resumed, mark: inlet.mark, now, delivered },
      watch: (watcher) => rooms.watch(room, watcher),
      begun: () => audience.attend(room, user),
    })
    inlet.add(room, follower)
    const stream = randomId()
    let aside = 0
    for await (const item of pull(inlet, { services, subscriber })) {
      if (item.kind === 'end') {
        if (item.told) return
        throw new RuleError(item.rule)
      }
      frames[item.kind].inc()
      yield tracked(item.kind === 'counts' ? `${item.version}.${stream}${aside++}` : String(item.version), item)
    }
  }
}
