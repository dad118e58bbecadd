import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { startMongo } from '../../server/dev/mongo.ts'
import { isAlive } from '../../server/dev/mongo-data.ts'
import { testMongod } from '../kit/test-mongo.ts'
import { until } from '../kit/until.ts'

const binary = await testMongod()
const dir = await mkdtemp(join(tmpdir(), 'foyer-dev-'))
afterAll(() => rm(dir, { recursive: true, force: true }))

const said: string[] = []
const log = (line: string) => void said.push(line)
const start = () => startMongo({ binary, log, dir })

const withNotes = async <T>(url: string, use: (notes: ReturnType<typeof collection>) => Promise<T>): Promise<T> => {
  const client = new MongoClient(url, { writeConcern: { w: 'majority' } })
  try {
    return await use(collection(client))
  } finally {
    await client.close()
  }
}
const collection = (client: MongoClient) => client.db().collection<{ text: string }>('notes')
const write = (url: string, text: string) => withNotes(url, (notes) => notes.insertOne({ text }))
const read = (url: string) => withNotes(url, async (notes) => (await notes.find().toArray()).map(({ text }) => text))

describe('MongoDB with a data folder', () => {
  test('keeps port and data over a clean stop, a kill -9 of mongod, and a port that another process took', async () => {
    const first = await start()
    await write(first.url, 'first')
    await first.stop()
    expect(first.pids.map(isAlive)).toEqual([false])

    const second = await start()
    expect(second.url).toBe(first.url)
    expect(await read(second.url)).toEqual(['first'])
    await write(second.url, 'second')
    for (const pid of second.pids) process.kill(pid, 'SIGKILL')
    await second.stop()

    const port = Number(new URL(first.url).port)
    const squatter = createServer().listen(port, '127.0.0.1')
    const third = await start()
    expect(third.url).not.toBe(first.url)
    expect(said.join()).toContain(`port ${port} is taken`)
    expect(await read(third.url)).toEqual(['first', 'second'])
    await third.stop()
    squatter.close()
  })

  test('refuses data of another major version in plain words', async () => {
    const layout = join(dir, 'foyer.json')
    const kept = await readFile(layout, 'utf8')
    await writeFile(layout, JSON.stringify({ ports: [1], version: '99.0.0' }))
    await expect(start()).rejects.toThrow('holds data of MongoDB 99.0.0')
    await writeFile(layout, kept)
  })
})

test('mongod ends with the process that started it, kill -9 included', async () => {
  const code = `
    const { startMongo } = await import(${JSON.stringify(join(import.meta.dir, '../../server/dev/mongo.ts'))})
    const { pids } = await startMongo({ binary: ${JSON.stringify(binary)}, log: () => undefined })
    console.log(pids.join())
    setInterval(() => undefined, 1_000)`
  const parent = Bun.spawn([process.execPath, '-e', code], { stdout: 'pipe' })
  const { value } = await parent.stdout.getReader().read()
  const pid = Number(new TextDecoder().decode(value))
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await until(() => !isAlive(pid), { what: 'the end of mongod' })
})
