import type { z } from 'zod'
import { isHeld } from '../../shared/hold.ts'
import { type Rule, RuleError } from '../../shared/rules.ts'
import { formatBoxCursor, parseBoxCursor } from '../../shared/session/cursor.ts'
import type { candidatesInput, candidatesOutput, pollInput, requestsOutput } from '../../shared/session/schema.ts'
import type { Boxed } from '../store/boxes.ts'
import { boxTopic } from '../subscribe.ts'
import { waitFor } from '../waits.ts'
import type { Caller, Gate } from './gate.ts'
import type { Call, Parts } from './parts.ts'

type PollInput = z.output<typeof pollInput>

/** What of a box a poll wants; `gone`: why nothing more will come. */
interface View {
  wants: (boxed: Boxed) => boolean
  gone: Rule | null
}

/** 4. and 5. as polls: what lies in the caller's box after its cursor. Reading removes nothing, so a repeat gets it again. */
export function createPolls({ services, boxes, reads }: Parts, gate: Gate) {
  const { store, env } = services
  const { clock } = store

  /**
   * Looks, and with `wait` again whenever the box wakes. The token is checked at each look: who was superseded or dropped
   * hears it, but only after the last signals.
   */
  const poll = async (call: Call, { cursor, wait }: PollInput, viewOf: (caller: Caller) => Promise<View>) => {
    let at = parseBoxCursor(cursor)
    const ms = Math.min(wait, env.SESSION_MAX_WAIT_MS)
    const first = await gate.reader(call, ms)
    let known: Caller | null = first
    const look = async (): Promise<Boxed[] | null> => {
      const caller = known ?? (await gate.reader(call))
      known = null
      const { wants, gone } = await viewOf(caller)
      for (;;) {
        const page = await boxes.read(caller.box, at)
        at = page.cursor
        const found = page.found.filter(wants)
        if (found.length > 0) return found
        if (page.end) break
      }
      if (gone !== null) throw new RuleError(gone)
      return null
    }
    const found = await waitFor(services, { topic: boxTopic(first.box), ms, signal: call.signal }, look)
    const last = found ?? (ms > 0 ? await look() : null) ?? []
    return { found: last, ...(at === null ? {} : { cursor: formatBoxCursor(at) }) }
  }

  /** The host's join queue: offers, oldest first. */
  const requests = async (call: Call, input: PollInput): Promise<z.output<typeof requestsOutput>> => {
    const { found, ...rest } = await poll(call, input, async (caller) => {
      if (caller.side !== 'host') throw new RuleError('wrong-secret')
      return { wants: ({ signal }) => signal.kind === 'offer', gone: caller.gone }
    })
    return { requests: found.flatMap(({ signal }) => (signal.kind === 'offer' ? [requestOf(signal)] : [])), ...rest }
  }

  /** Everything about one connection: descriptions, candidates, its end. */
  const candidates = async (
    call: Call,
    { client, ...input }: z.output<typeof candidatesInput>,
  ): Promise<z.output<typeof candidatesOutput>> => {
    const { found, ...rest } = await poll(call, input, (caller) => connectionView(caller, client))
    return { signals: found.map(({ signal }) => signal), ...rest }
  }

  const connectionView = async (caller: Caller, client: string | undefined): Promise<View> => {
    if (caller.side === 'client') {
      if (client !== undefined && client !== caller.seat.name) throw notThis('is not the name of this client')
      return { wants: () => true, gone: caller.gone }
    }
    if (client === undefined) throw notThis('the host names the client')
    const seat = await reads.seatByName({ session: caller.session._id, name: client })
    if (isHeld(seat, clock.now())) return { wants: (boxed) => boxed.seat === seat._id, gone: null }
    return { wants: ({ signal }) => signal.client === client, gone: 'seat-gone' }
  }

  return { requests, candidates }
}

const notThis = (message: string) => new RuleError('bad-request', { issues: { client: [message] } })

const requestOf = ({ client, generation, offer, restart }: Extract<Boxed['signal'], { kind: 'offer' }>) => ({
  client,
  generation,
  offer,
  restart,
})
