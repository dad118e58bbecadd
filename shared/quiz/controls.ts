import type { Phase } from './conductor/game.ts'
import type { QuizPayload } from './settings.ts'
import type { QuizState } from './state.ts'

/**
 * What a host may want of the quizconductor. Each says what it means (which round, which question), so that of two hosts who press
 * the same button the second changes nothing.
 */
export type Control =
  /** Out of the lobby, or from the end of a round to the next one. */
  | { name: 'start'; round: number }
  /** Ends the open question now; what was answered counts. */
  | { name: 'skip'; round: number; question: number }
  /** On from a question's reveal or scoreboard. */
  | { name: 'next'; round: number; question: number }
  | { name: 'pause' }
  | { name: 'resume' }
  /** More time for the open question. */
  | { name: 'extend'; round: number; question: number; ms: number }
  /** Ends the round now; an open question counts for nobody. */
  | { name: 'end'; round: number }
  /** A typed answer is right after all. */
  | { name: 'accept'; round: number; question: number; value: string }
  /** The conductor is to kick somebody: HostedPerpetual only. */
  | { name: 'kick'; user: string }
  /** Another payload for the rounds to come, on the same deck. */
  | { name: 'configure'; payload: QuizPayload }

export type ControlName = Control['name']
/** A phase as a host sees it: a pause hides the phase below. */
export type HostPhase = Phase | 'pause'
/** Who somebody is to a room's conductor. */
export type Role = 'host' | 'occupant' | 'outsider'

/** `does`: it is for this phase. `idle`: it is done already, or comes too late: nothing happens. `refused`: wrong-phase. */
export type Admission = 'does' | 'idle' | 'refused'

const row = (phases: string): Record<HostPhase, Admission> => {
  const [lobby, question, reveal, scoreboard, end, pause] = phases.trim().split(/\s+/).map(admissionOf)
  if (!lobby || !question || !reveal || !scoreboard || !end || !pause) throw new Error('a row has six phases')
  return { lobby, question, reveal, scoreboard, end, pause }
}
const admissionOf = (word: string): Admission => (word === 'does' || word === 'idle' ? word : 'refused')

/** The one table: which control acts in which phase, for who may control at all (`roleOf`). */
export const CONTROLS: Record<ControlName, Record<HostPhase, Admission>> = {
  //              lobby  question reveal scoreboard end pause
  start: row('    does   idle     idle   idle       does  refused'),
  skip: row('     idle   does     idle   idle       idle  refused'),
  next: row('     idle   refused  does   does       idle  refused'),
  pause: row('    does   does     does   does    refused  idle'),
  resume: row('   idle   idle     idle   idle       idle  does'),
  extend: row('   refused does    refused refused   refused does'),
  end: row('      idle   does     does   does       idle  does'),
  accept: row('   refused does    does   does       does  does'),
  kick: row('     does   does     does   does       does  does'),
  configure: row('does   refused  refused refused   does  refused'),
}

/** Seed 4: in a HostedPerpetual room only the deck's owner controls, seated or not; in a group's room any occupant. */
export function roleOf(state: QuizState, user: string): Role {
  const inside = state.occupants.includes(user)
  const hosts = state.kind === 'HostedPerpetual' ? user === state.owner : inside
  return hosts ? 'host' : inside ? 'occupant' : 'outsider'
}
