/**
 * Seed 1's client (edges 2000-2999) as data: what the client does next, by what it heard. The numbers are the seed's nodes.
 * Rows without them are what the seed leaves open: an offer or a room that went away while we were busy with it.
 */

/** What the client is doing: one request, or one of the three ends. */
export type MeetStep = 'put' | 'join' | 'keep' | 'guest' | 'host' | 'full'

/** What a request was answered: a body, or the rule that refused it. `none` is keep's 204. */
export type MeetReply = 'offer' | 'answer' | 'key' | 'created' | 'none' | 'room-full' | 'offer-gone' | 'wrong-key'

export interface MeetEdge {
  from: MeetStep
  reply: MeetReply
  to: MeetStep
  seed?: readonly number[]
}

export const MEET_EDGES: readonly MeetEdge[] = [
  { from: 'put', reply: 'offer', to: 'join', seed: [2020, 2030, 2040, 2060] },
  { from: 'put', reply: 'answer', to: 'host', seed: [2020, 2030, 2200, 2210, 2998] },
  { from: 'put', reply: 'key', to: 'keep', seed: [2020, 2030, 2300, 2320] },
  { from: 'put', reply: 'room-full', to: 'full', seed: [2020, 2030, 2998] },

  { from: 'join', reply: 'created', to: 'guest', seed: [2060, 2070, 2080, 2998] },
  { from: 'join', reply: 'room-full', to: 'full', seed: [2060, 2070, 2998] },
  // The host left, or its offer expired, between PUT and join: knock again, perhaps as host.
  { from: 'join', reply: 'offer-gone', to: 'put' },

  { from: 'keep', reply: 'answer', to: 'host', seed: [2320, 2330, 2200, 2210, 2998] },
  { from: 'keep', reply: 'none', to: 'keep', seed: [2320, 2330, 2300, 2320] },
  // We were silent for so long that another took the room: knock again, now as its guest.
  { from: 'keep', reply: 'wrong-key', to: 'put' },
]

/** The first step. */
export const MEET_START: MeetStep = 'put'

/** Nothing is asked of the mailbox any more: connect as guest or host, or give up. */
export const isMeetEnd = (step: MeetStep): step is 'guest' | 'host' | 'full' =>
  step === 'guest' || step === 'host' || step === 'full'

/** The step after a reply or a rule's name, or null where that means nothing there: then it is the end, as an error. */
export const nextMeetStep = (from: MeetStep, reply: string): MeetStep | null =>
  MEET_EDGES.find((edge) => edge.from === from && edge.reply === reply)?.to ?? null
