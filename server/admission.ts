import type { Actor } from '../shared/log/decider.ts'
import { COMMAND_SKEW_MS, isTimely } from '../shared/log/logged.ts'
import { RuleError } from '../shared/rules.ts'
import type { Account } from './accounts.ts'
import { admitBy } from './admit.ts'
import type { Limits } from './limits.ts'
import { actorOf } from './rooms/access.ts'
import type { Services } from './services.ts'
import { datedUuid } from './uuid.ts'

/** A command that was let in: who acts, under which id. */
export interface Command {
  actor: Actor
  id: string
}

/** Lets commands in, whatever they are for, and knows for how long their repeats must be told. */
export function createAdmission(services: Pick<Services, 'store' | 'env' | 'metrics'>, limits: Limits) {
  const { store, env, metrics } = services
  const parts = { limits, metrics, env }
  return {
    /** Errors: forbidden (`as`), rate-limited, stale-command. */
    admit: (account: Account, { id, as }: { id?: string | undefined; as?: string | undefined }): Command => {
      const actor = actorOf(account, as)
      admitBy('user', actor.user, parts)
      const now = store.clock.now()
      if (id !== undefined && !isTimely(id, { now: now.getTime(), retentionMs: env.ROOM_RETENTION_MS }))
        throw new RuleError('stale-command', { now: now.getTime() })
      return { actor, id: id ?? datedUuid(now) }
    },
    /** What is done to one room, by whomever. Error: rate-limited. */
    admitTo: (room: string): void => admitBy('room', room, parts),
    /** When no repeat of a command of now can come any more. */
    forgetAt: () => new Date(store.clock.now().getTime() + env.ROOM_RETENTION_MS + COMMAND_SKEW_MS),
  }
}
export type Admission = ReturnType<typeof createAdmission>
