/** A line of the session's chat on a data channel. `from` null: the session's own words. */
export interface Said {
  from: string | null
  text: string
}

export const encode = (said: Said): string => JSON.stringify(said)

/** What the other side sent is not ours to trust: anything that is no line is null. */
export function decode(data: unknown): Said | null {
  if (typeof data !== 'string') return null
  try {
    const value: unknown = JSON.parse(data)
    if (typeof value !== 'object' || value === null || !('text' in value) || typeof value.text !== 'string') return null
    return { from: 'from' in value && typeof value.from === 'string' ? value.from : null, text: value.text }
  } catch {
    return null
  }
}
