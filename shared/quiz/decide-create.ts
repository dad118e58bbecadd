import { RuleError } from '../rules.ts'
import type { CommandOf, CreateCommand, QuizCommand } from './commands.ts'
import { type Answer, BEGINNING, done, type Scene } from './decision.ts'
import type { EventOf } from './events.ts'
import { messageFault, othersFault, payloadFault, scoringFault } from './faults.ts'

export const isCreation = (command: QuizCommand): command is CreateCommand => command.type.startsWith('create')

/** The first events of a room. Errors: those of the creation's kind, below. */
export function create(command: CreateCommand, scene: Scene): Answer {
  switch (command.type) {
    case 'createHosted':
      return createHosted(command, scene)
    case 'createGroup':
      return createGroup(command, scene)
    case 'createSolo':
      return createSolo(command, scene)
    case 'createReturned':
      return createReturned(command, scene)
    case 'createSpawned':
      return createSpawned(command, scene)
  }
}

type Created = Omit<EventOf<'room.created'>, 'at' | 'by'>
const created = (event: Pick<Created, 'room' | 'kind' | 'occupants'> & Partial<Created>): Created => ({
  type: 'room.created',
  deck: null,
  owner: null,
  parent: null,
  payload: null,
  ...event,
})

/**
 * Its conductor is there from the beginning, dormant until somebody subscribes. The result: `created`. Errors: deck-unplayable, not-owner,
 * bad-request.
 */
function createHosted({ room, payload, facts }: CommandOf<'createHosted'>, scene: Scene): Answer {
  const { user } = scene.actor
  const { deck } = facts
  if (deck === null || deck.id !== payload.deck) return new RuleError('deck-unplayable')
  if (deck.owner !== user) return new RuleError('not-owner')
  const fault = scoringFault(payload)
  if (fault !== null) return fault
  const event = created({ room, kind: 'HostedPerpetual', occupants: [user], deck: deck.id, owner: user, payload })
  return { ...done([event], BEGINNING, scene), result: { created: true } }
}

/** With the message that must come with the request (seed 4). Errors: not-friend, limit-reached, bad-request. */
function createGroup(command: CommandOf<'createGroup'>, scene: Scene): Answer {
  const { room, others, facts, text, proposal } = command
  const fault = othersFault(others, facts.friends, scene) ?? messageFault(command)
  if (fault !== null) return fault
  const event = created({ room, kind: 'GroupPerpetual', occupants: [scene.actor.user, ...others] })
  return done([event, { type: 'message.published', text, proposal }], BEGINNING, scene)
}

/** From a deck's page, for the actor alone. Errors: deck-unplayable, bad-request. */
function createSolo({ room, payload, facts }: CommandOf<'createSolo'>, scene: Scene): Answer {
  const fault = payloadFault(payload, facts)
  if (fault !== null) return fault
  const kind = 'GroupEvanescent'
  return done([created({ room, kind, occupants: [scene.actor.user], deck: payload.deck, payload })], BEGINNING, scene)
}

/** The room of those who come out of an evanescent one, with the reason as its first message. Error: forbidden (no service). */
function createReturned({ room, occupants, child, reason }: CommandOf<'createReturned'>, scene: Scene): Answer {
  if (!scene.actor.service) return new RuleError('forbidden')
  const event = created({ room, kind: 'GroupPerpetual', occupants })
  return done([event, { type: 'evanescent.returned', child, reason }], BEGINNING, scene)
}

/** Follows from the parent's `evanescent.spawned`, which has checked all there is to check. Error: forbidden (no service). */
function createSpawned({ room, parent, occupants, payload }: CommandOf<'createSpawned'>, scene: Scene): Answer {
  if (!scene.actor.service) return new RuleError('forbidden')
  const kind = 'GroupEvanescent'
  return done([created({ room, kind, occupants, parent, deck: payload.deck, payload })], BEGINNING, scene)
}
