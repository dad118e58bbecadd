/** What one contender did in one round. */
export interface Run {
  done: number
  seconds: number
  perSecond: number
  /** How long each call took, ms. */
  samples: number[]
}

/** `callers` callers, each of which starts its next call when its last one ended, until `total` calls are done. */
export async function closedLoop(
  { callers, total }: { callers: number; total: number },
  act: (i: number) => Promise<unknown>,
): Promise<Run> {
  const samples: number[] = []
  let next = 0
  const began = performance.now()
  const caller = async () => {
    for (let i = next++; i < total; i = next++) {
      const sent = performance.now()
      await act(i)
      samples.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: Math.min(callers, total) }, caller))
  return runOf(samples, performance.now() - began)
}

/**
 * Calls start at a fixed rate, whether or not the earlier ones have ended, as independent users do: a slow server meets
 * the same load as a fast one. A call's time counts from when it was due, so a stalled generator hides nothing.
 */
export async function openLoop(
  { perSecond, seconds }: { perSecond: number; seconds: number },
  act: (i: number, due: number) => Promise<unknown>,
): Promise<Run> {
  const samples: number[] = []
  const calls: Promise<void>[] = []
  const began = performance.now()
  for (let i = 0; i < perSecond * seconds; i++) {
    const due = began + (i * 1_000) / perSecond
    while (performance.now() < due) await Bun.sleep(Math.max(0, due - performance.now()))
    calls.push(act(i, due).then(() => void samples.push(performance.now() - due)))
  }
  await Promise.all(calls)
  return runOf(samples, performance.now() - began)
}

const runOf = (samples: number[], elapsed: number): Run => ({
  done: samples.length,
  seconds: elapsed / 1_000,
  perSecond: samples.length / (elapsed / 1_000),
  samples,
})
