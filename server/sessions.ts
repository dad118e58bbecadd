import type { Services } from './services.ts'
import { createDescriptions } from './session/descriptions.ts'
import { createEndings } from './session/endings.ts'
import { createEvents } from './session/events.ts'
import { createGate } from './session/gate.ts'
import { createHosting } from './session/host.ts'
import { createJoining } from './session/join.ts'
import { createLeaving } from './session/leaving.ts'
import { createListing } from './session/list.ts'
import type { Parts } from './session/parts.ts'
import { createPolls } from './session/polls.ts'
import { createRetake } from './session/retake.ts'
import { createTrickle } from './session/trickle.ts'
import { createBoxes } from './store/boxes.ts'
import { holdsOf } from './store/holds.ts'
import { sessionReads } from './store/session-reads.ts'
import { boxTopic } from './subscribe.ts'

/**
 * Seed 3, hosted sessions, one file a step of its flow: host, list, join (and retake), descriptions, trickle, polls and
 * events, leaving. A session holds its name, a seat holds its name and slot within the session (shared/hold.ts); all
 * that one side has to tell the other goes through boxes (store/boxes.ts).
 */
export function createSessions(services: Services) {
  const { store, hub, env, metrics } = services
  const boxes = createBoxes({
    signals: store.signals,
    clock: store.clock,
    expiryMs: env.CONNECTION_EXPIRY_MS,
    onAppend: (box) => hub.notify(boxTopic(box)),
    onConflict: (index) => metrics.conflicts.inc({ index }),
  })
  const parts: Parts = {
    services,
    boxes,
    reads: sessionReads(store),
    sessionHolds: holdsOf(store.sessions, ['passwordHash']),
    seatHolds: holdsOf(store.seats, []),
  }
  const gate = createGate(parts)
  const endings = createEndings(parts)
  const retake = createRetake(parts)
  return {
    ...createHosting(parts, { gate, endings }),
    ...createListing(parts),
    ...createJoining(parts, { gate, endings, retake }),
    ...createDescriptions(parts, gate),
    ...createTrickle(parts, gate),
    ...createPolls(parts, gate),
    ...createEvents(parts, gate),
    ...createLeaving(parts, { gate, endings }),
  }
}
export type Sessions = ReturnType<typeof createSessions>
