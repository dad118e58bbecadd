import { startPeerJs, startServer } from './children.ts'
import { floor } from './floor.ts'
import type { Contender, Timing } from './handshake.ts'
import { httpClient } from './http.ts'
import { closedLoop, openLoop, type Run } from './load.ts'
import { mailbox, mailboxOfStrangers } from './mailbox-contenders.ts'
import { type BenchMongo, benchMongo } from './mongo.ts'
import { peerjsHeld, peerjsOfStrangers } from './peerjs.ts'
import { signalingReport } from './signaling-report.ts'

export interface SignalingBenchOptions {
  /** In each round all contenders take their turn; figures are over all rounds. */
  rounds: number
  /** As fast as it goes: how many handshakes at once, and how many a turn. */
  callers: number
  handshakes: number
  /** At fixed rates: how many handshakes begin each second, whether or not the earlier ones are done, and for how long. */
  rates: readonly number[]
  seconds: number
  /** One after another: how many handshakes, to time the hand-over from the guest's 201 to the host. */
  lone: number
}

export interface Result {
  name: string
  /** Handshakes a second, of each round. */
  perSecond: number[]
  timings: Timing[]
}

/** Handshakes through real server processes beside PeerJS and beside the bare driver, all over one MongoDB, in turns. */
export async function benchSignaling(mongo: BenchMongo, options: SignalingBenchOptions) {
  const { rounds, callers, handshakes, rates, seconds, lone } = options
  const { url } = mongo.database()
  await using server = await startServer(url)
  await using second = await startServer(url)
  await using peer = await startPeerJs()
  using host = httpClient(server)
  using guest = httpClient(second)
  using held = peerjsHeld(peer.port)
  const waiting = mailbox({ over: 'REST', how: 'waiting', host })
  const contenders = [
    await floor(mongo.database().db),
    mailbox({ over: 'REST', how: 'polled', host }),
    mailbox({ over: 'tRPC', how: 'polled', host }),
    waiting,
    mailboxOfStrangers(server.port),
    peerjsOfStrangers(peer.port),
    held,
  ]
  const saturated = await inTurns(contenders, rounds, (act) => closedLoop({ callers, total: handshakes }, act))
  const steady = []
  for (const perSecond of rates) {
    const results = await inTurns(contenders, rounds, (act) => openLoop({ perSecond, seconds }, act))
    steady.push({ perSecond, results })
  }
  const across = mailbox({ over: 'REST', how: 'waiting', host, guest })
  const pairs = [
    { ...waiting, name: 'one server process' },
    { ...across, name: 'two server processes' },
  ]
  const handOver = await inTurns(pairs, rounds, (act) => closedLoop({ callers: 1, total: lone }, act))
  return { runtime: peer.runtime, saturated, steady, handOver }
}
export type SignalingResults = Awaited<ReturnType<typeof benchSignaling>>

type Load = (act: (i: number) => Promise<unknown>) => Promise<Run>
let handshakeNumber = 0

/** A B C, C B A, …: whatever else the machine does meets all alike. The first round warms up and does not count. */
async function inTurns(contenders: readonly Contender[], rounds: number, load: Load): Promise<Result[]> {
  const results: Result[] = contenders.map(({ name }) => ({ name, perSecond: [], timings: [] }))
  const turns = contenders.map((contender, i) => ({ contender, result: results[i] }))
  for (let round = 0; round <= rounds; round++) {
    for (const { contender, result } of round % 2 === 0 ? turns : turns.toReversed()) {
      const timings: Timing[] = []
      const run = await load(async () => timings.push(await contender.handshake(++handshakeNumber)))
      if (timings.length !== run.done) throw new Error(`${contender.name}: a handshake was lost`)
      if (round === 0) continue
      result?.perSecond.push(run.perSecond)
      result?.timings.push(...timings)
    }
  }
  return results
}

if (import.meta.main) {
  await using mongo = await benchMongo()
  const rates = (process.env.BENCH_RATES ?? '100,300').split(',').map(Number)
  const rounds = Number(process.env.BENCH_ROUNDS ?? 4)
  const options = { rounds, callers: 64, handshakes: 2_000, rates, seconds: 4, lone: 250 }
  console.log(signalingReport(await benchSignaling(mongo, options), options))
}
