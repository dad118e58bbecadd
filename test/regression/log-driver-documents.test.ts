import { expect, test } from 'bun:test'
import { createLog } from '../../server/log.ts'
import { useDatabase } from '../kit/mongo.ts'

const { db } = useDatabase(import.meta.path)

// pino copies an error's own properties, and those of the driver's hold the documents that it could not write.
test('a failed write is logged without the offer that it should have stored', async () => {
  const offers = db.collection<{ _id: string; offer: string }>('offers')
  const doc = { _id: 'a', offer: 'v=0 the-address-of-a-person' }
  await offers.insertOne(doc)
  const failure = await offers.insertMany([doc], { ordered: false }).catch((error: unknown) => error)
  const lines: string[] = []
  const log = createLog('test', 'info', { write: (line) => void lines.push(line) })
  log.error({ err: new Error('request failed', { cause: failure }) }, 'failed')
  expect(lines.join()).toContain('E11000')
  expect(lines.join()).not.toContain('the-address-of-a-person')
})
