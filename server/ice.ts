import { createHmac } from 'node:crypto'
import type { Services } from './services.ts'

/**
 * coturn's REST credentials (draft-uberti-behave-turn-rest-00 §2.2): the user name begins with the Unix time in seconds
 * at which they end, the password is base64(HMAC-SHA1(shared secret, user name)).
 */
export function turnCredentials(secret: string, { user, expiresAt }: { user: string; expiresAt: Date }) {
  const username = `${Math.floor(expiresAt.getTime() / 1_000)}:${user}`
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') }
}

/** The configured STUN and TURN servers, with fresh TURN credentials for each call. */
export function createIce({ env, store }: Pick<Services, 'env' | 'store'>) {
  const { STUN_URLS, TURN_URLS, TURN_SECRET, TURN_TTL_MS } = env
  const servers = () => {
    const stun = STUN_URLS.length === 0 ? [] : [{ urls: STUN_URLS }]
    if (TURN_SECRET === undefined || TURN_URLS.length === 0)
      return { iceServers: stun, expiresAt: null, refreshInMs: null }
    const expiresAt = new Date(store.clock.now().getTime() + TURN_TTL_MS)
    const turn = { urls: TURN_URLS, ...turnCredentials(TURN_SECRET, { user: 'foyer', expiresAt }) }
    return { iceServers: [...stun, turn], expiresAt, refreshInMs: Math.floor(TURN_TTL_MS / 2) }
  }
  return { servers }
}
