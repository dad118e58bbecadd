import { toFoyerError } from '../errors.ts'

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** A new UUIDv7 (RFC 9562) of that time, ms: the id of a command. Made of `getRandomValues`, which every page has. */
export function commandId(at: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  new DataView(bytes.buffer).setUint32(0, Math.floor(at / 0x1_0000))
  new DataView(bytes.buffer).setUint16(4, at % 0x1_0000)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const text = hex(bytes)
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-')
}

/** The time of the service as far as it is known: the local clock, corrected once the service has said that it is wrong. */
export function serviceClock(now: () => number = Date.now) {
  let offset = 0
  return {
    now: () => Math.max(0, Math.round(now() + offset)),
    /** The service said what time it is. */
    learn: (at: number): void => void (offset = at - now()),
  }
}
export type ServiceClock = ReturnType<typeof serviceClock>

/**
 * Runs a command under a new id; once more if the service says that the clock behind it is wrong: within `freshMs`, since an id that
 * is called untimely later may have been timely, and done, before.
 */
export async function underNewId<T>(
  clock: ServiceClock,
  run: (id: string) => Promise<T>,
  freshMs = Number.POSITIVE_INFINITY,
): Promise<T> {
  const began = performance.now()
  try {
    return await run(commandId(clock.now()))
  } catch (thrown) {
    const { rule, details } = toFoyerError(thrown)
    const isFresh = performance.now() - began < freshMs
    if (rule !== 'stale-command' || details.now === undefined || !isFresh) throw thrown
    clock.learn(details.now)
    return run(commandId(clock.now()))
  }
}
