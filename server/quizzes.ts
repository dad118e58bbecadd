import { resultsCsv, resultsOf } from '../shared/quiz/conductor/results.ts'
import { RuleError } from '../shared/rules.ts'
import type { Account } from './accounts.ts'
import type { Friends } from './friends.ts'
import type { Limits } from './limits.ts'
import type { Bringing } from './links.ts'
import type { Notifications } from './notifications.ts'
import { createAudience } from './quiz/audience.ts'
import { createQuizCommands } from './quiz/commands.ts'
import { createQuizEvents } from './quiz/events.ts'
import { createFacts, type FactParts } from './quiz/facts.ts'
import { createQuizListing } from './quiz/listing.ts'
import { openQuiz } from './quiz/engine.ts'
import { createRequests } from './quiz/requests.ts'
import type { Services } from './services.ts'

export interface QuizParts {
  limits: Limits
  friends: Friends
  notifications: Notifications
  decks: FactParts['decks']
}

/** Seed 4, quiz rooms: three kinds of rooms on the room log, with the rules of shared/quiz. */
export function createQuizzes(services: Services, { limits, friends, notifications, decks }: QuizParts) {
  const { store, log, metrics } = services
  const onError = (error: unknown) => log.warn({ err: error }, 'quiz room')
  const { rooms, duties, claims, groups, lease } = openQuiz({ store, log, metrics, tell: notifications.tell })
  const facts = createFacts({ friends, decks, rooms })
  const commands = createQuizCommands({ services, limits, rooms, duties })

  /** Whoever watches a room wakes its conductor: "it is on room subscription that the room determines if it should spin up" (seed 4). */
  const wake = async (room: string): Promise<void> => {
    const state = await rooms.read(room)
    if (state !== null && state.ended === null && state.conductor.holder === null) await lease(state)
  }
  const audience = createAudience({ store, watched: (room) => void wake(room).catch(onError), onError })

  /** A room that follows from another one may be asked for before it is made: whoever comes first makes it (room-log.md 13). */
  const arrive = async (room: string, from: string | undefined): Promise<void> => {
    if (from === undefined || (await rooms.read(room)) !== null) return
    await duties.catchUp(from).catch(async (error: unknown) => {
      // Something else that follows from that room may have failed.
      if ((await rooms.read(room)) === null) throw error
    })
  }

  /** A round's results, for who may read the room. Errors: room-gone, not-occupant, no-results. */
  const results = async (account: Account, { room, as, round }: ResultsOptions) => {
    const { state } = await commands.read(account, { room, as })
    const { game } = state
    const rounds = game === null ? [] : [game, ...(game.previous === null ? [] : [game.previous])]
    const found = rounds.find((one) => (round === undefined ? one.asked.length > 0 : one.round === round))
    if (found === undefined || found.asked.length === 0) throw new RuleError('no-results')
    const table = resultsOf(found)
    return { results: table, csv: resultsCsv(table) }
  }

  services.readers.add({ quiz: rooms.arrived, gap: rooms.reread })
  return {
    log: rooms,
    duties,
    facts,
    run: commands.run,
    get: commands.get,
    arrive,
    results,
    ...createRequests({ services, rooms, claims, groups, facts, commands }),
    ...createQuizListing({ quiz: store.quiz, rooms, friends }),
    events: createQuizEvents({ services, rooms, audience, arrive }),
    /** Error: room-gone, not-occupant. */
    mayBring: async (room: string, by: string): Promise<void> => {
      const state = await rooms.read(room)
      if (state === null || state.ended !== null) throw new RuleError('room-gone')
      if (!state.occupants.includes(by)) throw new RuleError('not-occupant')
    },
    /** An occupant's invitation that came by a link: as if they had invited a friend. */
    bring: async ({ room, by, guest, link }: Bringing): Promise<boolean> => {
      const command = { type: 'invite', user: guest, facts: { friends: [guest] } } as const
      const id = `link:${link}`
      try {
        await rooms.send({ room, id, actor: { user: by, service: false }, command, hash: 'link' })
        await duties.settled(room)
        return true
      } catch (error) {
        if (error instanceof RuleError && CLOSED.has(error.rule)) return false
        throw error
      }
    },
    close: async () => {
      audience.close()
      await rooms.close()
    },
  }
}
export type Quizzes = ReturnType<typeof createQuizzes>

/** The way into the room has closed since the link was made. */
const CLOSED: ReadonlySet<string> = new Set(['room-gone', 'not-occupant', 'room-full', 'limit-reached'])

export interface ResultsOptions {
  room: string
  as?: string | undefined
  round?: number | undefined
}
