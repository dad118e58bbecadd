interface SignalSource {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown
}
interface Input {
  resume(): unknown
  once(event: 'end' | 'close', listener: () => void): unknown
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

/** A supervisor that was killed cannot tell its children, but their standard input ends. */
export function endsWithParent(input: Input, stop: Stop): void {
  let stopping = false
  for (const event of ['end', 'close'] as const)
    input.once(event, () => {
      if (!stopping) void stop('the supervisor ended')
      stopping = true
    })
  input.resume()
}
