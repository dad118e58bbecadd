import type { Db } from 'mongodb'
import { connect, type FoyerClient } from '../../client/connect.ts'
import type { Card } from '../../shared/deck/cards.ts'
import { payloadSchema, type QuizPayload } from '../../shared/quiz/settings.ts'
import type { QuizFrame } from '../../shared/quiz/wire.ts'
import { type QuizView } from '../../shared/quiz/view.ts'
import { changed } from '../../shared/quiz/view-frame.ts'
import type { DeckDoc } from '../../server/store/docs-quiz.ts'
import { toFoyerError } from '../../client/errors.ts'
import { singles } from '../quiz/cards.ts'
import { tokenOf } from './tokens.ts'
import { until } from './until.ts'

/** A user of an integrator, with a client of a server. */
export interface Person {
  id: string
  client: FoyerClient
}

let people = 0
/** Somebody new. Their name is unlike any other's, and not harmless. */
export async function person(url: string, name = 'person'): Promise<Person> {
  const id = `${name} ${++people} "$\\`
  return { id, client: connect({ url, token: await tokenOf(id) }) }
}

/** All of them are friends of each other. */
export async function befriend(...all: readonly Person[]): Promise<void> {
  for (const [i, one] of all.entries())
    for (const other of all.slice(i + 1)) {
      await one.client.friend.request.mutate({ user: other.id })
      await other.client.friend.accept.mutate({ user: one.id })
    }
}

/** A deck of somebody's, put where the service finds it. */
export async function deckFor(db: Db, owner: string, { cards = singles(3), visibility = 'private' }: DeckOptions = {}) {
  const _id = crypto.randomUUID()
  const body = JSON.stringify({ title: 'a deck', description: '', cards })
  const doc = {
    _id,
    owner,
    visibility,
    title: 'a deck',
    cards: cards.length,
    at: new Date(),
    v: 1,
    body,
    stamp: 'test',
  }
  await db.collection<DeckDoc>('decks').insertOne(doc)
  return _id
}
export interface DeckOptions {
  cards?: readonly Card[]
  visibility?: DeckDoc['visibility']
}

/** A quiz with short times, so that a test waits for none of them. */
export const quickly = (deck: string, more: Partial<QuizPayload> = {}): QuizPayload =>
  payloadSchema.parse({
    deck,
    questionMs: 1_000,
    graceMs: 50,
    lobbyMs: 0,
    revealMs: 50,
    scoreboardMs: 50,
    endMs: 50,
    ...more,
  })

/** The rule that a call was refused by, or `ok`. */
export const ruleOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (thrown: unknown) => toFoyerError(thrown).rule,
  )

/** A room as one person watches it: `view` is the fold of the frames. Dispose to unsubscribe. */
export interface Watching extends Disposable {
  readonly view: QuizView | null
  readonly frames: readonly QuizFrame[]
  /** The rule that ended the stream, `done` if it completed; null: it is open. */
  readonly end: string | null
  until(what: string, holds: (view: QuizView) => boolean): Promise<QuizView>
}

export function watch({ client }: Person, room: string, from?: string): Watching {
  const frames: QuizFrame[] = []
  let view: QuizView | null = null
  let end: string | null = null
  const subscription = client.quiz.events.subscribe(
    { room, from },
    {
      onData: ({ data }) => {
        frames.push(data)
        if (data.kind === 'snapshot') view = data.view
        else if (data.kind === 'changes' && view !== null) view = data.changes.reduce(changed, view)
      },
      onError: (error) => void (end = toFoyerError(error).rule),
      onComplete: () => void (end ??= 'done'),
    },
  )
  const current = () => view
  return {
    get view() {
      return view
    },
    frames,
    get end() {
      return end
    },
    until: async (what, holds) => {
      await until(
        () => {
          const now = current()
          return now !== null && holds(now)
        },
        { what },
      )
      const now = current()
      if (now === null) throw new Error('nothing was seen')
      return now
    },
    [Symbol.dispose]: () => subscription.unsubscribe(),
  }
}
