/** A span in ms as people read it: 0.4 ms, 18 ms, 1.24 s, 2:05 min. */
export function span(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_995) return `${(ms / 1_000).toFixed(ms < 9_995 ? 2 : 1)} s`
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`
}

export const clock = (at: Date): string => at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
