import type { UpdateFilter } from 'mongodb'
import type { Hold } from '../../shared/hold.ts'
import type { Doc } from './docs.ts'
import type { Table } from './table.ts'

interface HoldDoc extends Doc, Hold {}

// edge: `$set` and `$unset` over a generic document; the fields are those of `Hold` and of the caller's own document.
const updateOf = <D extends Doc>(update: object) => update as UpdateFilter<D>

/**
 * The three conditional writes that every hold needs (shared/hold.ts). To take a free name is an insert: the unique index
 * decides. `drop` lists the fields whose content goes with the name.
 */
export function holdsOf<D extends HoldDoc>(table: Table<D>, drop: readonly (keyof D & string)[]) {
  const emptied = Object.fromEntries(['live', ...drop].map((field) => [field, '']))
  const release = (id: string, when: Record<string, unknown>, note: Partial<D> = {}) =>
    table.change({
      id,
      when: { live: true, ...when },
      update: updateOf<D>({ $unset: emptied, ...(Object.keys(note).length > 0 ? { $set: note } : {}) }),
      applied: (doc) => doc.live !== true,
    })
  return {
    /** The holder gives the name up; `note` is written with it. Also true when it was given up before. */
    release: (id: string, note?: Partial<D>) => release(id, {}, note),
    /** Anybody frees a name whose holder is silent; nothing happens when it was revived in the meantime. */
    evict: (id: string, now: Date, note?: Partial<D>) => release(id, { expiresAt: { $lte: now } }, note),
    /** The holder shows up: from now on `times`. False when the name was lost. */
    renew: (id: string, now: Date, times: { expiresAt: Date; purgeAt: Date }) =>
      table.change({
        id,
        when: { live: true, purgeAt: { $gt: now } },
        update: updateOf<D>({ $max: times }),
        applied: (doc) => doc.live === true && doc.expiresAt >= times.expiresAt,
      }),
  }
}
