import { useEffect, useState } from 'react'

const MINUTE = 60_000
const STEPS = [
  { unit: 'minute', ms: MINUTE, below: 60 * MINUTE },
  { unit: 'hour', ms: 60 * MINUTE, below: 24 * 60 * MINUTE },
  { unit: 'day', ms: 24 * 60 * MINUTE, below: Number.POSITIVE_INFINITY },
] as const

/** How long ago that was, as people say it. A clock that is behind the service's makes nothing of the future. */
export function agoInWords(ms: number): string {
  const step = STEPS.find(({ below }) => ms < below)
  if (step === undefined || ms < MINUTE) return 'just now'
  return new Intl.RelativeTimeFormat('en').format(-Math.floor(ms / step.ms), step.unit)
}

/** Kept current while it is shown. */
export function Ago({ at }: { at: number }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE / 2)
    return () => clearInterval(timer)
  }, [])
  return <time dateTime={new Date(at).toISOString()}>{agoInWords(Math.max(now, at) - at)}</time>
}
