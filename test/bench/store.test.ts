import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { benchStore, storeReport } from './store.ts'

const { db } = useDatabase(import.meta.path)

test('gathered, everything is stored once and at several times the rate of one operation a round trip', async () => {
  const results = await benchStore(db, { rounds: 1, callers: 128, ops: { bare: 300, gathered: 3_000 }, lone: 100 })
  const ratio = (name: string) => results.results.find((each) => each.name === name)?.ratio
  expect(ratio('inserts into cold unique slots')).toBeGreaterThan(3)
  expect(ratio('commands of one hot room')).toBeGreaterThan(3)
  expect(ratio('point reads')).toBeGreaterThan(3)
  expect(
    storeReport(results)
      .split('\n')
      .filter((line) => line.startsWith('| ')),
  ).toHaveLength(11)
})
