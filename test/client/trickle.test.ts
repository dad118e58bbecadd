import { describe, expect, test } from 'bun:test'
import { remoteCandidates } from '../../client/remote.ts'
import type { CandidateLike } from '../../client/rtc.ts'
import { type CandidateBatch, trickle } from '../../client/trickle.ts'
import { until } from '../kit/until.ts'

const candidate = (name: string, usernameFragment = 'mine'): CandidateLike => ({
  candidate: name,
  sdpMid: '0',
  usernameFragment,
})
const SDP = 'v=0\r\na=ice-ufrag:mine\r\n'
const names = ({ candidates }: CandidateBatch) => candidates.map(({ candidate: name }) => name)

/** A trickle whose batches are noted, and fly until `land` is called. */
function recorder(batchMs: number, { holds = false } = {}) {
  const sent: CandidateBatch[] = []
  const flights: (() => void)[] = []
  const send = (batch: CandidateBatch) => {
    sent.push(batch)
    return holds ? new Promise<void>((resolve) => flights.push(resolve)) : Promise.resolve()
  }
  return { ...trickle({ send, batchMs }), sent, land: () => flights.shift()?.() }
}

describe('local candidates', () => {
  test('leave together after a while', async () => {
    const local = recorder(20)
    local.begin(1, SDP)
    for (const name of ['a', 'b', 'c']) local.add(candidate(name))
    expect(local.sent).toEqual([])
    await until(() => local.sent.length > 0, { what: 'a batch' })
    expect(local.sent.map(names)).toEqual([['a', 'b', 'c']])
    expect(local.sent[0]).toMatchObject({ generation: 1, end: false })
  })

  test('leave at once when those were all: a hidden tab`s timers are slow', () => {
    const local = recorder(60_000)
    local.begin(1, SDP)
    local.add(candidate('a'))
    local.add(candidate(''))
    local.add(null)
    expect(local.sent).toMatchObject([{ generation: 1, candidates: [{ candidate: 'a' }], end: true }])
  })

  test('wait until the server has granted their generation', () => {
    const local = recorder(60_000)
    local.hold()
    local.add(candidate('a'))
    local.add(null)
    expect(local.sent).toEqual([])
    local.begin(7, SDP)
    expect(local.sent).toMatchObject([{ generation: 7, end: true }])
  })

  test('of a description that was rolled back are never sent', () => {
    const local = recorder(60_000)
    local.hold()
    local.add(candidate('old', 'rolled-back'))
    local.hold()
    local.add(candidate('new'))
    local.begin(2, SDP)
    expect(local.sent.map(names)).toEqual([['new']])
  })

  test('fly one batch at a time, none above the server`s limit, and the last says that it is', async () => {
    const local = recorder(60_000, { holds: true })
    for (let n = 0; n < 100; n++) local.add(candidate(`${n}`))
    local.add(null)
    local.begin(1, SDP)
    expect(local.sent).toHaveLength(1)
    local.land()
    await until(() => local.sent.length === 2, { what: 'the second batch' })
    expect(local.sent.map(({ candidates, end }) => [candidates.length, end])).toEqual([
      [64, false],
      [36, true],
    ])
  })

  test('are not sent any more once connected', () => {
    const local = recorder(60_000)
    local.begin(1, SDP)
    local.add(candidate('a'))
    local.stop()
    local.add(candidate('b'))
    local.add(null)
    expect(local.sent).toEqual([])
  })
})

describe('remote candidates', () => {
  const batch = (generation: number, ...list: string[]): CandidateBatch => ({
    generation,
    candidates: list.map((each) => ({ candidate: each })),
    end: false,
  })
  const added = () => {
    const list: (string | null)[] = []
    const remote = remoteCandidates(async (each) => {
      if (each?.candidate === 'bad') throw new Error('no such family')
      list.push(each?.candidate ?? null)
    })
    return { ...remote, list }
  }

  test('wait for the description of their generation', async () => {
    const remote = added()
    await remote.receive(batch(1, 'early'))
    expect(remote.list).toEqual([])
    await remote.described(1)
    await remote.receive({ ...batch(1, 'late'), end: true })
    expect(remote.list).toEqual(['early', 'late', null])
  })

  test('are dropped when their generation is over', async () => {
    const remote = added()
    await remote.receive(batch(1, 'first'))
    await remote.receive(batch(2, 'second'))
    await remote.described(2)
    await remote.receive(batch(1, 'straggler'))
    expect(remote.list).toEqual(['second'])
    await remote.described(3)
    expect(remote.list).toEqual(['second'])
  })

  test('that cannot be used cost nothing but themselves', async () => {
    const remote = added()
    await remote.described(1)
    await remote.receive(batch(1, 'a', 'bad', 'b'))
    expect(remote.list).toEqual(['a', 'b'])
  })
})
