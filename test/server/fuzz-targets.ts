import { appRouter } from '../../server/app.ts'
import { isRule, RULES } from '../../shared/rules.ts'
import { bodyOf, type Random } from './fuzz-inputs.ts'

const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n'
const CANDIDATE = { candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 }
const ROOM = 'fuzzed'
const ROOM_ID = '00000000-0000-8000-8000-000000000000'
const DECK = 'D'.repeat(22)
const COMMAND = '019f0000-0000-7000-8000-000000000000'

/** A valid input of every procedure, for the fuzzer to spoil. */
export const BASES: Record<string, unknown> = {
  'account.me': undefined,
  'account.guest': { name: 'guest' },
  'ice.servers': undefined,
  'mailbox.put': { room: ROOM, offer: SDP },
  'mailbox.keep': { room: ROOM, wait: 1 },
  'mailbox.join': { room: ROOM, answer: SDP, offerId: 'A'.repeat(22) },
  'mailbox.remove': { room: ROOM },
  'session.host': {
    name: ROOM,
    hostName: 'host',
    visibility: 'public',
    metadata: { map: 'x' },
    maxClients: 2,
    password: 'p',
  },
  'session.list': { search: 'f', metadata: { map: 'x' }, free: true, limit: 5, cursor: 'c' },
  'session.join': { name: ROOM, clientName: 'client', offer: SDP, password: 'p' },
  'session.requests': { cursor: 'c', wait: 1 },
  'session.candidates': { cursor: 'c', wait: 1, client: 'client' },
  'session.answer': { client: 'client', generation: 1, answer: SDP },
  'session.decline': { client: 'client', reason: 'no' },
  'session.drop': { client: 'client', reason: 'no' },
  'session.connected': { client: 'client' },
  'session.restart': { client: 'client', generation: 2, offer: SDP },
  'session.sendCandidates': { client: 'client', generation: 1, candidates: [CANDIDATE, CANDIDATE], end: true },
  'session.leave': {},
  'session.close': {},
  'deck.create': {
    title: 'Deck',
    visibility: 'shared',
    cards: [
      { id: 'a', type: 'single', prompt: 'p', options: ['x', 'y'], key: 1 },
      { id: 'b', type: 'slider', prompt: 'p', min: 0, max: 9, step: 1, key: 4, reach: 2 },
    ],
  },
  'deck.edit': {
    deck: DECK,
    id: COMMAND,
    ifVersion: 1,
    title: 'Deck',
    operations: [
      { op: 'put', card: { type: 'flash-card', prompt: 'p', back: 'b', tags: ['t'] } },
      { op: 'move', id: 'a', to: 1 },
      { op: 'remove', id: 'b' },
    ],
  },
  'deck.remove': { deck: DECK },
  'deck.get': { deck: DECK, as: 'guest' },
  'deck.list': { after: DECK, limit: 5 },
  'deck.browse': { limit: 5 },
  'deck.import': { title: 'Deck', format: 'table', text: 'prompt,answer\n"p",a', become: 'typed' },
  'deck.export': { deck: DECK, format: 'csv' },
  'friend.request': { user: 'friend' },
  'friend.accept': { user: 'friend' },
  'friend.decline': { user: 'friend', as: 'guest' },
  'friend.remove': { user: 'friend' },
  'friend.block': { user: 'friend' },
  'friend.unblock': { user: 'friend' },
  'friend.list': { status: 'friends', after: 'x', limit: 5 },
  'notification.list': { before: 5, limit: 5 },
  'notification.read': { ids: ['x'], upTo: 5 },
  'room.create': { data: { list: [1] }, capacity: 3, metadata: { map: 'x' } },
  'room.delete': { room: ROOM_ID, reason: 'no' },
  'room.join': { room: ROOM_ID, id: COMMAND },
  'room.leave': { room: ROOM_ID, as: 'guest', reply: 'result' },
  'room.kick': { room: ROOM_ID, user: 'guest', reason: 'no' },
  'room.ban': { room: ROOM_ID, user: 'guest' },
  'room.unban': { room: ROOM_ID, user: 'guest' },
  'room.transfer': { room: ROOM_ID, to: 'guest' },
  'room.setMetadata': { room: ROOM_ID, metadata: { map: 'x' } },
  'room.edit': {
    room: ROOM_ID,
    operations: [
      { op: 'increment', path: '/n', by: 1, max: 5 },
      { op: 'insert', path: '/list', at: { index: 0 }, value: { id: 'x' } },
      { op: 'patch', patch: [{ op: 'add', path: '/a', value: 1 }] },
    ],
    ifVersion: 1,
    base: 1,
  },
  'room.get': { room: ROOM_ID },
  'room.list': { after: ROOM_ID, limit: 5 },
  'room.present': { room: ROOM_ID, conn: 'tab-of-guest', state: { x: 1 } },
  'room.presence': { room: ROOM_ID },
  'worker.list': undefined,
  'link.create': { room: ROOM_ID, as: 'guest' },
  'link.accept': { link: 'A'.repeat(22) },
  'quiz.host': { payload: { deck: 'deck', pace: 'host' }, id: COMMAND },
  'quiz.hosted': { deck: 'deck' },
  'quiz.group': { others: ['friend'], text: 'hello', proposal: { deck: 'deck' } },
  'quiz.solo': { payload: { deck: 'deck', questionMs: 5_000 } },
  'quiz.join': { room: ROOM_ID, from: ROOM_ID },
  'quiz.leave': { room: ROOM_ID, reply: 'result' },
  'quiz.invite': { room: ROOM_ID, user: 'friend' },
  'quiz.message': { room: ROOM_ID, text: 'hello', proposal: null },
  'quiz.start': { room: ROOM_ID, payload: { deck: 'deck', scoring: 'kahoot@1' } },
  'quiz.terminate': { room: ROOM_ID },
  'quiz.spawn': { room: ROOM_ID, payload: { deck: 'deck' } },
  'quiz.answer': { room: ROOM_ID, round: 1, question: 0, value: { type: 'single', choice: 0 } },
  'quiz.control': { room: ROOM_ID, control: { name: 'skip', round: 1, question: 0 } },
  'quiz.get': { room: ROOM_ID, from: ROOM_ID },
  'quiz.list': { after: ROOM_ID, limit: 5 },
  'quiz.friends': { limit: 5, as: 'guest' },
  'quiz.results': { room: ROOM_ID, round: 1 },
}

/** The procedures that the server has, subscriptions left out. */
export const PROCEDURES = Object.entries(
  // edge: at run time a flat record by path; tRPC types it as the nested routers that it was built from.
  appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>,
)
  .map(([path, { _def }]) => ({ path, type: _def.type }))
  .filter(({ type }) => type !== 'subscription')

export interface FuzzRequest {
  method: string
  path: string
  body: string | Uint8Array<ArrayBuffer> | null
  headers: Record<string, string>
}

const headersOf = (random: Random, bearers: readonly string[]): Record<string, string> => ({
  'content-type': random.chance(0.95)
    ? 'application/json'
    : random.pick(['text/plain', 'multipart/form-data', 'application/octet-stream', '']),
  ...(random.chance(0.6) ? { authorization: `Bearer ${bearers[random.below(bearers.length + 1)] ?? 'x.y'}` } : {}),
  ...(random.chance(0.1) ? { 'idempotency-key': random.pick(['k'.repeat(20), 'short', 'x y', 'k'.repeat(200)]) } : {}),
})

const ROOMS: readonly [string, ...string[]] = [
  ROOM,
  ROOM,
  '%',
  '%00',
  '%ff',
  'a%2Fb',
  '%ed%a0%80',
  '..',
  'x'.repeat(200),
  '$where',
  '__proto__',
]

/** A request to one of seed 1's routes. */
export function restRequest(random: Random, bearers: readonly string[]): FuzzRequest {
  const { method, end, name } = random.pick([
    { method: 'PUT', end: '', name: 'mailbox.put' },
    { method: 'POST', end: '/keep', name: 'mailbox.keep' },
    { method: 'POST', end: '/join', name: 'mailbox.join' },
    { method: 'DELETE', end: '', name: 'mailbox.remove' },
  ])
  const query = random.chance(0.05) ? random.pick(['?wait=x', '?wait=-1', '?wait=1e9', '?wait=']) : ''
  const body = bodyOf(BASES[name], random, { superjson: false })
  return { method, path: `/custom/${random.pick(ROOMS)}${end}${query}`, body, headers: headersOf(random, bearers) }
}

/** A request to one of the procedures, sometimes by the wrong method. */
export function trpcRequest(random: Random, bearers: readonly string[]): FuzzRequest {
  const { path, type } = PROCEDURES[random.below(PROCEDURES.length)] ?? { path: 'none', type: 'query' }
  const body = bodyOf(BASES[path], random, { superjson: true })
  const headers = headersOf(random, bearers)
  const get = (type === 'query') !== random.chance(0.03)
  // What stands in an address is text, and an address has its own limit.
  if (get && typeof body === 'string' && body.length < 4_000)
    return {
      method: 'GET',
      path: `/trpc/${path}?input=${encodeURIComponent(body.toWellFormed())}`,
      body: null,
      headers,
    }
  return { method: 'POST', path: `/trpc/${path}`, body, headers }
}

/** Null when a reply is a success or an error of the table with its own status; else what is wrong with it. */
export function complaint(status: number, text: string): string | null {
  if (status >= 200 && status < 300) return null
  const parsed: { rule?: unknown; error?: { json?: { data?: { rule?: unknown } } } } = JSON.parse(text)
  const rule = parsed.rule ?? parsed.error?.json?.data?.rule
  if (!isRule(rule)) return `${status} without a rule`
  if (RULES[rule].status !== status || status >= 500) return `${status} ${rule}`
  return null
}
