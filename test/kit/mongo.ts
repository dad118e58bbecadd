import { afterAll } from 'bun:test'
import { basename } from 'node:path'
import { MongoClient } from 'mongodb'
import type { Db } from 'mongodb'

/** MongoDB accepts 63 bytes; the rest is for the random end. */
const NAME_LENGTH = 40

/** The URL of a database of this name on the replica set that the tests run on. */
export const databaseUrl = (name: string): string => {
  const base = process.env.TEST_MONGODB_URL
  if (base === undefined) throw new Error('TEST_MONGODB_URL is missing: test/kit/preload.ts sets it')
  const url = new URL(base)
  url.pathname = `/${name}`
  return url.href
}

/** A database for one test file: `url` for the code under test, `db` for the test to move its data. */
export type TestDatabase = { url: string; db: Db }

/** A database of this file's own, dropped after its last test. Call it once, at the top: `useDatabase(import.meta.path)`. */
export const useDatabase = (file: string): TestDatabase => {
  const slug = basename(file)
    .replace(/\.test\.tsx?$/, '')
    .replaceAll(/[^a-z0-9-]/gi, '-')
  const name = `${slug.slice(0, NAME_LENGTH)}-${crypto.randomUUID().slice(0, 8)}`
  const url = databaseUrl(name)
  // Connects at its first operation.
  const client = new MongoClient(url)
  const db = client.db(name)
  afterAll(async () => {
    await db.dropDatabase()
    await client.close()
  })
  return { url, db }
}
