import { join } from 'node:path'
import { startMongo } from '../../server/dev/mongo.ts'
import type { RunningMongo } from '../../server/dev/mongo.ts'
import { findMongod } from '../../server/dev/mongod.ts'
import type { Mongod } from '../../server/dev/mongod.ts'

/** The checkout's root folder. */
export const ROOT = join(import.meta.dir, '../..')

const log = (line: string) => console.error(`[test] ${line}`)

/** The mongod that tests run on, found as `bun start` finds it. */
export const testMongod = (): Promise<Mongod> => findMongod({ cacheDir: join(ROOT, '.foyer'), log, env: process.env })

/** What a test may ask of a replica set of its own: members for elections, mongod parameters such as `ttlMonitorSleepSecs`. */
export type TestMongoOptions = { members?: number; parameters?: Record<string, number> }

/** A temporary replica set beside the shared one. The caller stops it. */
export const startTestMongo = async (options: TestMongoOptions = {}): Promise<RunningMongo> =>
  startMongo({ binary: await testMongod(), log, ...options })
