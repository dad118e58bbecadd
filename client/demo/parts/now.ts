import { useEffect, useState } from 'react'

/** performance.now(), kept current while something is going on. */
export function useNow(running: boolean, everyMs = 100): number {
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    if (!running) return
    setNow(performance.now())
    const timer = setInterval(() => setNow(performance.now()), everyMs)
    return () => clearInterval(timer)
  }, [running, everyMs])
  return now
}
