/** How much a room belongs to a worker: each process reckons the same, and a worker that comes or goes moves no other's rooms. */
const weight = (room: string, worker: string): bigint => Bun.hash.xxHash64(`${room} ${worker}`)

/** The worker that takes a room first; null: there is none. */
export function firstChoice(room: string, workers: readonly string[]): string | null {
  let first: { worker: string; weight: bigint } | null = null
  for (const worker of workers) {
    const next = { worker, weight: weight(room, worker) }
    if (first === null || next.weight > first.weight) first = next
  }
  return first?.worker ?? null
}

/** The rooms that belong to a worker most come first. */
export const byPreference = <T extends { room: string }>(candidates: readonly T[], worker: string): T[] =>
  candidates
    .map((candidate) => ({ candidate, weight: weight(candidate.room, worker) }))
    .toSorted((a, b) => (a.weight < b.weight ? 1 : -1))
    .map(({ candidate }) => candidate)
