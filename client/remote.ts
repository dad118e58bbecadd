import type { Candidate } from '../shared/session/schema.ts'
import type { CandidateBatch } from './trickle.ts'

/**
 * The other side's candidates: queued while its description of their generation is not there yet, dropped when their
 * generation is over. A candidate that cannot be added (mDNS off, a family we lack) costs nothing but that candidate.
 */
export function remoteCandidates(add: (candidate: Candidate | null) => Promise<void>) {
  let described = 0
  let early: CandidateBatch[] = []

  const apply = async ({ candidates, end }: CandidateBatch) => {
    for (const candidate of candidates) await add(candidate).catch(() => {})
    if (end) await add(null).catch(() => {})
  }

  return {
    receive: async (batch: CandidateBatch): Promise<void> => {
      if (batch.generation === described) await apply(batch)
      else if (batch.generation > described) early.push(batch)
    },
    /** The remote description of this generation is applied. */
    described: async (generation: number): Promise<void> => {
      described = generation
      const due = early.filter((batch) => batch.generation === generation)
      early = early.filter((batch) => batch.generation > generation)
      for (const batch of due) await apply(batch)
    },
  }
}
