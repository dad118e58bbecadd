import type { z } from 'zod'
import type { Json } from '../../shared/json.ts'
import { applyOperations } from '../../shared/room/apply.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { RuleError } from '../../shared/rules.ts'
import { FoyerError, toFoyerError } from '../errors.ts'
import { pause } from '../retry.ts'
import { type ServiceClock, underNewId } from './command-id.ts'
import type { Core } from './core.ts'
import { editsOf } from './edits.ts'
import { eventsIn } from './frames.ts'
import { wireCopy } from './input.ts'
import { valuesIn } from './outbox.ts'
import type { EditReply } from './part.ts'
import { reading } from './reading.ts'
import type { Replica } from './replica.ts'
import type { DataSchema, TransactOptions, Transaction } from './types.ts'

const RETRIES = 32
/** Conflicts in a row after which a crowd is let through, and for how long at most, ms. */
const PATIENCE = 3
const LONGEST_MS = 100

export interface TransactParts<S extends DataSchema> {
  core: Core<S>
  replica: Replica
  schema: S | undefined
  clock: ServiceClock
}

/** Read-modify-write: see `Room.transact`. The conflict's reply has what came in between, so that each try costs one round trip. */
export function transactor<S extends DataSchema>({ core, replica, schema, clock }: TransactParts<S>) {
  const { outbox } = core
  const read = reading(schema)

  const attempt = async (change: Change<S>): Promise<EditReply> => {
    const { seq, data, bytes } = replica.confirmed
    const operations = operationsOf(change, dataOf(data))
    if (operations instanceof FoyerError) throw operations
    const done = applyOperations(data, operations, { bytes })
    if (done instanceof RuleError) throw toFoyerError(done)
    dataOf(done.data)
    if (operations.length === 0) return { version: seq, replayed: false, values: [] }
    const reply = await underNewId(clock, (id) => {
      replica.pending.note(id)
      return outbox.exchange(id, { operations, ifVersion: seq })
    })
    await core.arrived(reply)
    return { version: reply.version, replayed: reply.replayed, values: valuesIn(reply.result) }
  }

  const dataOf = (raw: Json): z.output<S> => {
    const fit = read(raw)
    if (fit.error !== null) throw fit.error
    return fit.data
  }

  /** Takes in what made the conflict. */
  const catchUp = async ({ details }: FoyerError, seen: number): Promise<void> => {
    if (details.changes !== undefined) core.takeEvents(eventsIn(details.changes), seen + 1)
    await core.arrived({ version: details.version ?? seen + 1, now: null })
  }

  return (change: Change<S>, { retries = RETRIES }: TransactOptions = {}): Promise<EditReply> => {
    const work = async () => {
      for (let tries = 0; ; tries++) {
        const seen = replica.confirmed.seq
        try {
          return await attempt(change)
        } catch (thrown) {
          if (!(thrown instanceof FoyerError) || thrown.rule !== 'version-conflict' || tries >= retries) throw thrown
          await catchUp(thrown, seen)
          if (tries >= PATIENCE) await pause(Math.random() * Math.min(LONGEST_MS, 2 ** tries))
        }
      }
    }
    return outbox.exclusive(work)
  }
}

type Change<S extends DataSchema> = (data: z.output<S>, tx: Transaction<z.input<S>>) => void

function operationsOf<S extends DataSchema>(change: Change<S>, data: z.output<S>): readonly Operation[] | FoyerError {
  const operations: Operation[] = []
  change(
    data,
    editsOf<z.input<S>, void>((operation) => void operations.push(operation)),
  )
  return wireCopy(operations)
}
