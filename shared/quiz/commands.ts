import type { Answer } from '../deck/answers.ts'
import type { Card } from '../deck/cards.ts'
import type { Json } from '../json.ts'
import type { Control } from './controls.ts'
import type { RevealReason } from './events.ts'
import type { QuizPayload } from './settings.ts'
import type { EndReason } from './state.ts'

/**
 * What a decider cannot know from the room's own log stands in a command as `facts`: the caller looks them up, right before it sends
 * the command, and leaves them out of the hash by which a repeat is recognised (room-log.md 9), since a repeat may find others. They
 * may be out of date by the time of the append, as any answer about another document may; what the log itself knows (who is an
 * occupant, which epoch, which phase) is never a fact but decided inside the write. Who acts is `context.actor`, as the token says.
 */
export interface FriendFacts {
  /** Of the users that matter to this command, those who are the actor's friends now. Blocked is not friends, by whomever. */
  friends: readonly string[]
}

/** null: there is no such deck. */
export interface DeckFacts {
  deck: { id: string; owner: string; playable: boolean } | null
}

/** Commands that make a room. `room`: its id, made by the service. */
export type CreateCommand =
  /** The HostedPerpetual room of a deck, by its owner. That it is the only one is its claim's matter (room-log.md 14). */
  | { type: 'createHosted'; room: string; payload: QuizPayload; facts: DeckFacts }
  /** A GroupPerpetual room of the actor and `others`, with its first message. */
  | ({ type: 'createGroup'; room: string; others: readonly string[]; facts: FriendFacts } & Text)
  /** A service's: the group room that an evanescent one returns to. Nobody asks for friendship. */
  | { type: 'createReturned'; room: string; occupants: readonly string[]; child: string; reason: EndReason }
  /** A GroupEvanescent room of the actor alone, from a deck's page. */
  | { type: 'createSolo'; room: string; payload: QuizPayload; facts: DeckFacts }
  /** A service's: a GroupEvanescent room, as its parent's event says. */
  | { type: 'createSpawned'; room: string; parent: string; occupants: readonly string[]; payload: QuizPayload }

export interface Text {
  text: string
  /** What kind of quiz the sender would like; null: a plain message. */
  proposal: Json
}

/** Of users. */
export type UserCommand =
  | { type: 'join'; facts: FriendFacts }
  | { type: 'leave' }
  | { type: 'invite'; user: string; facts: FriendFacts }
  | ({ type: 'message' } & Text)
  /** A group room was requested, and this is the newest with these occupants: the result has `moved` if it is not any more. */
  | ({ type: 'request'; others: readonly string[]; facts: FriendFacts } & Text)
  | { type: 'startConductor'; payload: QuizPayload; facts: DeckFacts }
  | { type: 'terminate' }
  /** `child`: the id of the room to be, made by the service. */
  | { type: 'spawn'; child: string; payload: QuizPayload; facts: DeckFacts }
  /** `value`: in the positions that the player saw. `receivedAt`: when the service first had it (ms), so that whoever lost a race for a slot is not late for it. */
  | { type: 'answer'; round: number; question: number; value: Answer; facts: { receivedAt: number } }
  | { type: 'control'; control: Control }

/** Of the service itself: `actor.service`. No procedure offers them to anybody. */
export type ServiceCommand =
  /** The worker's first append under a new lease. `holder`: the process, by an id that no other ever has. */
  | { type: 'conductorStarted'; epoch: number; holder: string }
  | { type: 'conductorReleased'; epoch: number; why: 'dormant' | 'handover' }
  | { type: 'conduct'; epoch: number; step: ConductorStep }
  /** An evanescent room whose conductor is lost or never came; `epoch`: the state's when that was found out. */
  | { type: 'reap'; epoch: number; reason: 'conductor-lost' | 'never-started' }
  /** Closes a perpetual room whose newest event is not after `idleSince` (ms). */
  | { type: 'expire'; idleSince: number }
  /** `parent`: adds who had left. `exact`: only if these are the occupants, else the result has `moved`. */
  | { type: 'takeBack'; as: 'parent' | 'exact'; child: string; occupants: readonly string[]; reason: EndReason }
  /** To an ended evanescent room: its occupants were returned to `to` (null: the deck). The first counts. */
  | { type: 'returned'; to: string | null }

/** What a conductor does. Each names what it was decided on; on anything else it is refused with version-conflict, and decided again. */
export type ConductorStep =
  | { type: 'begin'; round: number; order: readonly string[]; salt: string; position: number; card: Card }
  | { type: 'open'; round: number; after: number; position: number; card: Card }
  /** `absent`: occupants for whose answers it does not wait, since they are not there. */
  | { type: 'reveal'; round: number; question: number; why: RevealReason; absent: readonly string[] }
  | { type: 'scoreboard'; round: number; question: number }
  | { type: 'finish'; round: number }
  | { type: 'lobby'; round: number; reason: 'again' | 'no-cards' }
  | { type: 'warn'; users: readonly string[] }
  | { type: 'kick'; user: string; reason: 'silent' | 'host' }
  | { type: 'say'; text: string }
  /** The end of a conductor with a finite life, and so of its evanescent room. */
  | { type: 'end'; reason: 'finished' | 'no-cards' | 'idle' }

export type QuizCommand = CreateCommand | UserCommand | ServiceCommand
export type CommandOf<T extends QuizCommand['type']> = Extract<QuizCommand, { type: T }>
export type StepOf<T extends ConductorStep['type']> = Extract<ConductorStep, { type: T }>

/** What a repeat is recognised by: the command as its sender meant it. */
export function withoutFacts(command: QuizCommand): object {
  if (!('facts' in command)) return command
  const { facts: _, ...meant } = command
  return meant
}
