import type { Json } from '../../shared/json.ts'
import type { CommandReply } from '../../shared/room/schema.ts'
import { isDictionary, isList } from '../../shared/room/values.ts'
import { FoyerError, toFoyerError } from '../errors.ts'
import { retry } from '../retry.ts'
import { holderOf } from './carry.ts'
import { type Command, valuesOf, type Wire } from './command.ts'
import { commandId, type ServiceClock } from './command-id.ts'
import type { EditReply, Part } from './part.ts'
import type { Replica } from './replica.ts'

/** A part that came to nothing. */
export interface Refused {
  part: Part
  error: FoyerError
}

export interface OutboxOptions {
  replica: Replica
  clock: ServiceClock
  /** Ends all sending; what was not done stays in the replica. */
  signal: AbortSignal
  /** One attempt. */
  send: (id: string, wire: Wire, signal: AbortSignal) => Promise<CommandReply>
  /** Resolves when the replica is at the reply's version: a reply may come before its event. */
  arrived: (reply: CommandReply, command: Command | null) => Promise<void>
  /** The queue, or what the server has said of it, is another. */
  onChange: () => void
  /** These came to nothing, though the view had them. */
  onRefused: (refused: readonly Refused[]) => void
  /** The server takes nothing more from here. */
  onEnd: (error: FoyerError) => void
}

interface Job {
  /** The edits that were made before it. */
  after: ReadonlySet<Part>
  run: () => Promise<void>
}

/** What ends an open room, whatever was sent. */
const FINAL: ReadonlySet<string> = new Set(['unauthorized', 'room-gone'])
/** An id that the service calls untimely this long after its first attempt was so from the beginning, ms. */
const FRESH_MS = 60_000
/** How often the service is believed about the time, for one command. */
const CLOCK_TRIES = 2

/** Sends the replica's commands one after the other, each until the server has said what became of it: once, whatever is lost on the way. */
export function createOutbox(options: OutboxOptions) {
  const { replica, clock, signal, send, arrived, onChange, onRefused, onEnd } = options
  const { pending } = replica
  const jobs: Job[] = []
  let isRunning = false
  let wake = () => {}

  const newId = () => commandId(clock.now())

  /** Until there is an answer; a token that has run out may have a successor at the second try. */
  const exchange = async (id: string, wire: Wire): Promise<CommandReply> => {
    const attempt = () => retry((one) => send(id, wire, one), { signal, onPause: (next) => void (wake = next) })
    try {
      return await attempt()
    } catch (thrown) {
      if (toFoyerError(thrown).rule !== 'unauthorized') throw thrown
      return attempt()
    }
  }

  const deliver = async (command: Command): Promise<void> => {
    const began = performance.now()
    const isOfBefore = command.wire !== null
    for (let tries = 0; ; tries++) {
      const wire = replica.seal(command)
      onChange()
      try {
        const reply = await exchange(command.id, wire)
        replica.acknowledge(command, reply.version)
        answer(command.parts, reply)
        onChange()
        await arrived(reply, command)
        return replica.acknowledge(command, reply.version)
      } catch (thrown) {
        if (signal.aborted) return abandon(command)
        const error = toFoyerError(thrown)
        const isFresh = !isOfBefore && tries < CLOCK_TRIES && performance.now() - began < FRESH_MS
        if (error.rule !== 'stale-command' || error.details.now === undefined || !isFresh) return refuse(command, error)
        clock.learn(error.details.now)
        pending.rename(command, newId())
      }
    }
  }

  /** Its event may have come, so that it is not among those that wait any more; nobody knows more of it now. */
  const abandon = ({ parts }: Command): void => {
    for (const { answer } of parts) answer?.refused(new FoyerError('aborted'))
  }

  const refuse = (command: Command, error: FoyerError): void => {
    if (FINAL.has(error.rule)) return onEnd(error)
    const gone = blamed(command, error)
    if (gone === null) return pending.split(command, newId)
    const fallen = replica.refuse(command, gone)
    onRefused([
      ...gone.map((part) => ({ part, error })),
      ...fallen.map((refusal) => ({ part: refusal.part, error: toFoyerError(refusal.error) })),
    ])
    onChange()
  }

  const isTurn = ({ after }: Job) => !pending.commands.some(({ parts }) => parts.some((part) => after.has(part)))

  /** Runs until nothing waits. Edits that are made in one turn of the event loop go together. */
  const run = async (): Promise<void> => {
    if (isRunning) return
    isRunning = true
    await Promise.resolve()
    while (!signal.aborted) {
      const [job] = jobs
      const [head] = pending.commands
      if (job !== undefined && isTurn(job)) {
        jobs.shift()
        await job.run()
      } else if (head !== undefined) await deliver(head)
      else break
    }
    isRunning = false
  }

  /** Runs after all edits that were made before, while no other is on its way. Errors: its own; `aborted`. */
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const end = () => reject(new FoyerError('aborted'))
    if (signal.aborted) end()
    signal.addEventListener('abort', end, { once: true })
    const settle = () => work().then(resolve, reject)
    jobs.push({ after: new Set(pending.commands.flatMap(({ parts }) => parts)), run: settle })
    void run()
    return promise.finally(() => signal.removeEventListener('abort', end))
  }

  return {
    run,
    exclusive,
    exchange,
    newId,
    /** The server was reached: what waits before it is sent again is sent now. */
    wake: () => wake(),
  }
}
export type Outbox = ReturnType<typeof createOutbox>

/** Which parts an error is about; null: not known, they are to be tried one by one. */
function blamed({ parts }: Command, { rule, details }: FoyerError): readonly Part[] | null {
  // An earlier body of the same command was done after all: all that it still has, it had then.
  if (parts.length === 1 || rule === 'idempotency-mismatch') return parts
  if (details.operation === undefined) return null
  return parts.slice(holderOf(parts, details.operation)).slice(0, 1)
}

function answer(parts: readonly Part[], reply: CommandReply): void {
  const values = valuesOf(parts, valuesIn(reply.result))
  for (const [nth, part] of parts.entries())
    part.answer?.done({ version: reply.version, replayed: reply.replayed, values: values[nth] ?? [] })
}

/** The values of an edit's result: see shared/room/edit.ts. */
export function valuesIn(result: Json): EditReply['values'] {
  const values = isDictionary(result) ? result.values : undefined
  if (!isList(values)) return []
  return values.map((value) => (typeof value === 'number' || typeof value === 'boolean' ? value : null))
}
