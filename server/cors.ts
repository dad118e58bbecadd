/** What every response carries: nothing is sniffed, framed, cached or referred. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'cross-origin',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const

/** The CORS headers for a browser of that origin (Fetch standard §3.2); none when it is not on the list. */
export function corsHeaders(origins: readonly string[], origin: string | null): Record<string, string> {
  if (origin === null || !(origins.includes('*') || origins.includes(origin))) return {}
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'retry-after',
    vary: 'origin',
  }
}

const METHODS = 'GET, POST, PUT, DELETE, OPTIONS'
const HEADERS = 'authorization, content-type, idempotency-key, trpc-accept, last-event-id'

/** The answer to a preflight: only the list decides, no route runs. */
export const preflight = (cors: Record<string, string>) =>
  new Response(null, {
    status: 204,
    headers: {
      ...cors,
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': HEADERS,
      'access-control-max-age': '86400',
    },
  })
