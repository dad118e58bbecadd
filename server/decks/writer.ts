import type { Deck } from '../../shared/deck/deck.ts'
import type { NewId } from '../../shared/deck/edit.ts'
import { RuleError } from '../../shared/rules.ts'
import { randomId } from '../secrets.ts'
import type { Services } from '../services.ts'
import type { DeckDoc } from '../store/docs-quiz.ts'
import { editable } from './access.ts'
import { bodyOf, deckOf } from './cards.ts'
import type { Admission, Command } from '../admission.ts'

/** Commands of a deck whose repeats are still told; an older one is an edit like any other. */
const REMEMBERED = 32

/** What a command wants of a deck. `print`: tells its repeat from another command under the same id. */
export interface Wanted {
  command: Command
  deck: string
  print: string
  ifVersion?: number | undefined
}

export interface Written {
  doc: DeckDoc
  /** How many cards got a new id (`newIds`), by the command's first run. */
  added: number
  replayed: boolean
}

/** The same deck: nothing is to be written. */
export type Step = (deck: Deck, newId: NewId) => { deck: Deck; added: number }

/** Writes decks: each change is one conditional update of the version that it was made on. */
export function createDeckWriter({ store, derive }: Pick<Services, 'store' | 'derive'>, { forgetAt }: Admission) {
  const { decks, clock } = store

  /** Ids follow from the command, so that its repeat gives the same. */
  const newIds =
    ({ actor, id }: Command): NewId =>
    (n) =>
      derive('card', actor.user, id, String(n))

  const fieldsOf = (deck: Deck) => {
    const { title, visibility, cards } = deck
    return { title, visibility, cards: cards.length, at: clock.now(), body: bodyOf(deck), stamp: randomId() }
  }

  /** A new deck of the actor. Errors: idempotency-mismatch; not-found (a repeat, after it was removed). */
  const create = async (command: Command, print: string, made: { deck: Deck; added: number }): Promise<Written> => {
    const { actor, id } = command
    const done = { id, print, v: 1, added: made.added }
    const _id = derive('deck', actor.user, id)
    const doc = { _id, owner: actor.user, v: 1, print, done: [done], ...fieldsOf(made.deck) }
    const { stored } = await decks.insert(doc)
    const known = stored ? doc : editable(await decks.byId(_id), actor)
    if (known.print !== print) throw new RuleError('idempotency-mismatch')
    return { doc: known, added: made.added, replayed: known.stamp !== doc.stamp }
  }

  const put = (known: DeckDoc, next: Partial<DeckDoc> & { stamp: string }) =>
    decks.change({
      id: known._id,
      when: { v: known.v },
      update: { $set: { ...next, v: known.v + 1 } },
      applied: ({ stamp }) => stamp === next.stamp,
    })

  /** Changes a deck, on whatever it is now. Errors: not-found, forbidden, version-conflict, idempotency-mismatch; those of `step`. */
  const change = async ({ command, deck, print, ifVersion }: Wanted, step: Step): Promise<Written> => {
    for (;;) {
      const known = editable(await decks.byId(deck), command.actor)
      const { done = [] } = known
      const before = done.find(({ id }) => id === command.id)
      if (before !== undefined && before.print !== print) throw new RuleError('idempotency-mismatch')
      if (before !== undefined) return { doc: known, added: before.added, replayed: true }
      if (ifVersion !== undefined && ifVersion !== known.v)
        throw new RuleError('version-conflict', { version: known.v })
      const was = deckOf(known)
      const next = step(was, newIds(command))
      if (next.deck === was) return { doc: known, added: 0, replayed: false }
      const record = { id: command.id, print, v: known.v + 1, added: next.added }
      const fields = { ...fieldsOf(next.deck), done: [...done, record].slice(-REMEMBERED) }
      if (await put(known, fields))
        return { doc: { ...known, ...fields, v: record.v }, added: next.added, replayed: false }
    }
  }

  /** Removes a deck, or has removed it before. Errors: not-found, forbidden. */
  const remove = async ({ actor }: Command, deck: string): Promise<void> => {
    for (;;) {
      const known = await decks.byId(deck)
      if (known?.gone === true && (actor.service || known.owner === actor.user)) return
      const rest = { gone: true, visibility: 'private', title: '', body: '', cards: 0, done: [] } as const
      const next = { ...rest, done: [], at: clock.now(), purgeAt: forgetAt(), stamp: randomId() }
      if (await put(editable(known, actor), next)) return
    }
  }

  return { newIds, create, change, remove }
}
export type DeckWriter = ReturnType<typeof createDeckWriter>
