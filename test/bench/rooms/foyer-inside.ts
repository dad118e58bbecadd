import { appRouter } from '../../../server/app.ts'
import { parseEnv } from '../../../server/env.ts'
import { createFoyer, type Foyer } from '../../../server/foyer.ts'
import { createLog } from '../../../server/log.ts'
import { createServices } from '../../../server/services.ts'
import { connectStore } from '../../../server/store/connect.ts'
import { createCallerFactory } from '../../../server/trpc.ts'
import { serveActs } from './acting.ts'
import { type FoyerCaller, foyerLane } from './foyer-lanes.ts'
import { SETTINGS, tokenOf } from './foyer-tokens.ts'
import { type Setup, writingActs } from './lanes.ts'

let opened: Promise<Foyer> | undefined

/** All of a server process but its port. */
async function openFoyer(url: string): Promise<Foyer> {
  const env = parseEnv({ ...SETTINGS, MONGODB_URL: url })
  const log = createLog('bench', 'warn', process.stderr)
  const onError = (error: unknown) => log.warn({ err: error }, 'database clock')
  const store = await connectStore({ url, appName: 'foyer-bench', onError })
  return createFoyer(await createServices({ env, log, store, shutdown: new AbortController().signal }))
}

const callerOf = createCallerFactory(appRouter)

/** Writers inside of the server process: commands enter at the router, with the token that a request would bring. */
const acts = writingActs(async (setup: Setup) => {
  const foyer = await (opened ??= openFoyer(setup.url))
  return foyerLane(setup, async ({ user, role }): Promise<FoyerCaller> => {
    const { room } = callerOf({ foyer, bearer: await tokenOf(user, role), idempotencyKey: undefined, address: null })
    return { create: room.create, join: room.join, edit: room.edit, get: room.get }
  })
})
serveActs(acts)
