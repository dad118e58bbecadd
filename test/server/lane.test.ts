import { expect, test } from 'bun:test'
import { type BatchReply, committer } from '../../server/commit.ts'

/** A sink that stores everything, each batch in a turn of its own. */
const sink = () => {
  const batches: string[][] = []
  const insert = async (docs: readonly { _id: string }[]): Promise<BatchReply> => {
    batches.push(docs.map(({ _id }) => _id))
    await new Promise((resolve) => setImmediate(resolve))
    return { kind: 'decided', lost: new Map() }
  }
  return { batches, insert, stored: async () => new Set<string>(), bytes: () => 1 }
}

test('the next document of a lane is formed when the caller of the last one has acted on its outcome', async () => {
  const to = sink()
  const { append } = committer(to)
  const heads = new Map<string, number>()
  const write = async (lane: string) => {
    let n = 0
    await append(() => ({ _id: `${lane}${(n = (heads.get(lane) ?? 0) + 1)}` }), lane)
    heads.set(lane, n)
  }
  // Two lanes, so that one batch settles documents of both.
  await Promise.all(['a', 'b', 'a', 'b', 'a'].map(write))
  expect(to.batches).toEqual([['a1', 'b1'], ['a2', 'b2'], ['a3']])
})
