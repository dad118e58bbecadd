interface SignalSource {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown
}
type Stop = (reason: string) => Promise<void>

/** Stops once, at whichever of SIGTERM and SIGINT comes first. Listens on: a second one would kill in the middle of it. */
export function onSignals(source: SignalSource, stop: Stop): void {
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    source.on(signal, () => {
      if (!stopping) void stop(signal)
      stopping = true
    })
}
