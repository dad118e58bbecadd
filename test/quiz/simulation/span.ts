// A thread that plays histories: it is told which, and tells what they were.
import { faultsOf } from './checker.ts'
import { historyOf } from './history.ts'

/** From this seed up to that one, both included. */
export interface Span {
  from: number
  to: number
}

/** What happened in histories, all together; `wrong`: the first that broke an invariant. */
export interface Played {
  histories: number
  answers: number
  takeovers: number
  rounds: number
  ended: number
  lost: number
  wrong: { seed: number; faults: string[] } | null
}

export function play({ from, to }: Span): Played {
  const played: Played = { histories: 0, answers: 0, takeovers: 0, rounds: 0, ended: 0, lost: 0, wrong: null }
  for (let seed = from; seed <= to && played.wrong === null; seed++) {
    const record = historyOf(seed)
    const faults = faultsOf(record)
    if (faults.length > 0) played.wrong = { seed, faults }
    const log = record.docs.flatMap(({ texts }) => texts)
    const count = (type: string) => log.filter((text) => text.includes(`"type":"${type}"`)).length
    played.histories++
    played.answers += count('answer.given')
    played.takeovers += count('conductor.started') - 1
    played.rounds += count('round.ended')
    played.ended += count('room.ended')
    played.lost += log.filter((text) => text.includes('"conductor-lost"')).length
  }
  return played
}

declare const self: Worker
if (!Bun.isMainThread) self.addEventListener('message', ({ data }) => self.postMessage(play(data)), { once: true })
