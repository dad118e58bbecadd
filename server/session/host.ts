import { randomInt } from 'node:crypto'
import type { z } from 'zod'
import { holdTimes, isHeld, isRevivable } from '../../shared/hold.ts'
import { RuleError } from '../../shared/rules.ts'
import { facetsOf } from '../../shared/session/facets.ts'
import { NAMES, speakableName } from '../../shared/session/names.ts'
import type { hostInput, hostOutput } from '../../shared/session/schema.ts'
import { fingerprint, hashSecret, randomId } from '../secrets.ts'
import type { SessionDoc } from '../store/docs.ts'
import type { Endings } from './endings.ts'
import { formatToken, type Gate } from './gate.ts'
import { type Call, type Parts, RACE_MS, TAKES_KEPT } from './parts.ts'
import { hashPassword } from './passwords.ts'

type HostInput = z.output<typeof hostInput>
type HostOutput = z.output<typeof hostOutput>

/** The password stands only as present or not: a fast hash of it must not be stored. */
const printOf = ({ password, ...rest }: HostInput) =>
  fingerprint('host', JSON.stringify(rest), String(password !== undefined))

/** 1. Alice hosts a session; 1b. her reloaded tab takes it over. */
export function createHosting({ services, reads, boxes }: Parts, { gate, endings }: { gate: Gate; endings: Endings }) {
  const { store, env, derive, metrics } = services
  const { sessions, clock } = store
  const times = { expiryMs: env.SESSION_EXPIRY_MS, reviveMs: env.SESSION_REVIVE_MS }

  const reply = (session: SessionDoc, tab: { secret: string; epoch: number; resumed: boolean }): HostOutput => ({
    name: session.name,
    secret: formatToken(session._id, tab.secret, tab.epoch),
    resumed: tab.resumed,
    maxClients: session.maxClients,
    expiresInMs: times.expiryMs,
  })

  /** What the host says of its session; a take-over may change all of it but the name. */
  const described = async ({ hostName, visibility, metadata, maxClients, password }: HostInput) => ({
    hostName,
    visibility,
    metadata: JSON.stringify(metadata),
    facets: facetsOf(metadata),
    maxClients: maxClients ?? env.SESSION_MAX_CLIENTS,
    passwordHash: password === undefined ? undefined : await hashPassword(password),
  })

  const host = async (call: Call, input: HostInput): Promise<HostOutput> => {
    const key = call.idempotencyKey
    const mine = {
      _id: key === undefined ? randomId() : derive('host', key),
      secret: key === undefined ? randomId() : derive('host-secret', key),
      print: printOf(input),
    }
    const first = key === undefined ? null : await sessions.byId(mine._id)
    if (first !== null) return replay(first, mine)
    return (await takeOver(call, input)) ?? create(input, mine)
  }

  const replay = (first: SessionDoc, mine: { print: string; secret: string }): HostOutput => {
    if (first.print !== mine.print) throw new RuleError('idempotency-mismatch')
    return reply(first, { secret: mine.secret, epoch: 0, resumed: false })
  }

  const create = async (
    input: HostInput,
    mine: { _id: string; secret: string; print: string },
  ): Promise<HostOutput> => {
    const fields = await described(input)
    const { _id, secret, print } = mine
    for (const end = performance.now() + RACE_MS; performance.now() < end;) {
      const name = input.name ?? speakableName(randomInt(NAMES))
      const holder = await reads.sessionByName(name)
      const now = clock.now()
      if (holder?._id === _id) return replay(holder, mine)
      if (isHeld(holder, now)) {
        if (input.name === undefined) continue
        throw new RuleError('name-taken')
      }
      if (holder !== null) await endings.evictSession(holder)
      const tab = { secretHash: hashSecret(secret), epoch: 0, print, at: now }
      const doc: SessionDoc = { _id, name, ...fields, ...tab, live: true, ...holdTimes(now, times) }
      const outcome = await sessions.insert(doc)
      if (outcome.stored) return reply(doc, { secret, epoch: 0, resumed: false })
      metrics.conflicts.inc({ index: `sessions.${outcome.lost}` })
      const first = await sessions.byId(_id)
      if (first !== null) return replay(first, mine)
    }
    throw new RuleError('unknown-outcome')
  }

  /** With its secret a host is never told "taken", whichever tab it comes from. Null: nothing to take over. */
  const takeOver = async (call: Call, input: HostInput): Promise<HostOutput | null> => {
    const token = await gate.brought(call.bearer)
    if (token === null) return null
    const { session: owned, seat, secret } = token
    if (seat !== null) throw new RuleError('wrong-secret')
    if (owned === null || (input.name !== undefined && input.name !== owned.name)) return null
    const by = call.idempotencyKey === undefined ? randomId() : fingerprint('take', call.idempotencyKey)
    const print = printOf(input)
    const { passwordHash, ...fields } = await described(input)
    let session: SessionDoc | null = owned
    for (const end = performance.now() + RACE_MS; performance.now() < end;) {
      const now = clock.now()
      const taken = session?.takes?.find((take) => take.by === by)
      if (taken !== undefined && taken.print !== print) throw new RuleError('idempotency-mismatch')
      if (taken !== undefined && session !== null) return reply(session, { secret, epoch: taken.epoch, resumed: true })
      if (!isRevivable(session, now)) return null
      const { _id, epoch } = session
      await sessions.change({
        id: _id,
        when: { live: true, epoch, purgeAt: { $gt: now } },
        update: {
          $set: { ...fields, epoch: epoch + 1, ...(passwordHash === undefined ? {} : { passwordHash }) },
          ...(passwordHash === undefined ? { $unset: { passwordHash: '' as const } } : {}),
          $max: holdTimes(now, times),
          $push: { takes: { $each: [{ by, print, epoch: epoch + 1 }], $slice: -TAKES_KEPT } },
        },
        applied: (doc) => doc.takes?.some((take) => take.by === by) === true,
      })
      session = await sessions.byId(_id)
      if (session?.takes?.some((take) => take.by === by) === true) await boxes.wake(_id, _id)
    }
    throw new RuleError('unknown-outcome')
  }

  return { host }
}
