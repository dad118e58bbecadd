import { describe, expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { findBrowser } from '../kit/browser.ts'
import { findLeaks, RUN_MARK } from '../kit/leaks.ts'
import { databaseUrl, useDatabase } from '../kit/mongo.ts'
import { until } from '../kit/until.ts'

const mine = useDatabase(import.meta.path)

describe('until', () => {
  test('gives what the condition found, once it found it', async () => {
    let asked = 0
    expect(await until(() => (++asked < 3 ? undefined : { asked }), { what: 'three questions' })).toEqual({ asked: 3 })
  })

  test('says at the deadline what did not come, with the last error as its cause', async () => {
    const cause = new Error('not yet')
    const failed: unknown = await until(() => Promise.reject(cause), { what: 'the end', deadlineMs: 20 }).catch(
      (e) => e,
    )
    expect(failed).toMatchObject({ message: 'not within 20 ms: the end', cause })
  })

  test('ends with its signal', async () => {
    await expect(until(() => false, { what: 'nothing', signal: AbortSignal.timeout(10) })).rejects.toThrow('abort')
  })
})

describe('a test file`s database', () => {
  test('is its own, on the run`s replica set', async () => {
    await mine.db.collection('notes').insertOne({ text: 'x' })
    expect(new URL(mine.url).pathname).toMatch(/^\/kit-[0-9a-f]{8}$/)
    expect(new URL(mine.url).host).toBe(new URL(databaseUrl('other')).host)
    expect(await mine.db.collection('notes').countDocuments()).toBe(1)
  })
})

describe('the leak guard', () => {
  test('finds and kills a process that outlived its run, also one that no longer has its parent', async () => {
    const id = crypto.randomUUID()
    const env = { ...process.env, [RUN_MARK]: id }
    const orphan = spawn('/bin/sh', ['-c', 'sleep 60 & exit 0'], { env, stdio: 'ignore' })
    await new Promise((resolve) => orphan.once('exit', resolve))
    const leaks = await findLeaks(id, 50)
    expect(leaks.map(({ command }) => command)).toEqual([expect.stringContaining('sleep 60')])
    expect(await findLeaks(id)).toEqual([])
  })
})

test('a browser named by CHROME that does not exist is a reason to skip, not a search for another', async () => {
  expect(await findBrowser({ CHROME: '/nowhere/chrome' })).toEqual({ reason: 'CHROME=/nowhere/chrome does not exist' })
})
