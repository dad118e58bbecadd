import type { FoyerError, FoyerRule } from '../../../index.ts'
import type { QuizEnd } from '../../../quiz/types.ts'
import type { EndReason, QuizKind } from '../../../../shared/quiz/state.ts'
import { inWords } from '../../wording.ts'

/** What rules mean in a quiz room, for a person. */
const WORDS: Partial<Record<FoyerRule, string>> = {
  'room-gone': 'There is no such room, or it is over.',
  'room-full': 'Every seat of this room is taken.',
  'not-occupant': 'You are not in this room any more.',
  'not-owner': 'Only the owner of the deck controls this quiz.',
  'not-friend': 'You can only invite friends, and only come into a room that holds one.',
  'not-invited': 'Only who was invited comes into this room.',
  'no-such-occupant': 'This person has left already.',
  'cannot-leave': 'This room cannot be left: it ends with its quiz, and takes you back.',
  'wrong-kind': 'This kind of room does not do that.',
  'conductor-running': 'A quiz is on already: somebody was faster.',
  'no-conductor': 'No quiz is on here any more.',
  'wrong-phase': 'The quiz has gone on meanwhile, so that this came too late.',
  'question-over': 'This question is over.',
  'not-playing': 'You look on until the next round begins.',
  'answer-mismatch': 'This is no answer to this question.',
  'no-results': 'There are no results to download yet.',
  'deck-unplayable': 'This deck cannot be played: it has no cards, or it is somebody’s own and not shared.',
  'limit-reached': 'The room holds no more of that.',
  forbidden: 'That is not for you to do.',
  'bad-request': 'The settings are not right as they are.',
  unauthorized: 'Your pass has run out. Come in again from the start.',
}

/** An error in plain words. */
export const quizWords = (error: FoyerError): string => WORDS[error.rule] ?? inWords(error) ?? 'That was broken off.'

/** Why a room came to its end, as a sentence. */
export const REASONS: Readonly<Record<EndReason, string>> = {
  finished: 'The quiz was played to its end.',
  'no-cards': 'The deck had no cards to ask.',
  'conductor-lost': 'The quiz broke off: its server was lost.',
  'never-started': 'The quiz never began: no server was free for it.',
  empty: 'Everybody has left.',
  idle: 'Nobody went on with it.',
}

const ENDS: Readonly<Record<QuizEnd['why'], string>> = {
  ended: 'The room is over.',
  out: 'You are not in this room any more.',
  left: 'You left the room.',
  closed: 'The room is closed.',
  lost: 'The server does not know you any more.',
}

/** How it ended for this user; what is known more exactly counts. */
export function endWords({ why, reason, error }: QuizEnd): string {
  if (why === 'lost' && error !== undefined) return quizWords(error)
  return why === 'ended' && reason !== undefined ? REASONS[reason] : ENDS[why]
}

export const KINDS: Readonly<Record<QuizKind, string>> = {
  HostedPerpetual: 'Open quiz room of a deck',
  GroupPerpetual: 'Group room',
  GroupEvanescent: 'Quiz room for one quiz',
}
