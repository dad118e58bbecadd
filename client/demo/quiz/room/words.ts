import type { FoyerError, FoyerRule } from '../../../index.ts'
import type { QuizEnd } from '../../../quiz/types.ts'
import type { EndReason, QuizKind } from '../../../../shared/quiz/state.ts'
import { quizWords as wordsOf } from '../words.ts'

/** What rules mean in a quiz room, where they mean more than on the other quiz pages. */
const WORDS: Partial<Record<FoyerRule, string>> = {
  'not-owner': 'Only the owner of the deck hosts this quiz.',
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
  'bad-request': 'The settings are not right as they are.',
  'queue-full': 'Too much waits for the server. Try again when it is back.',
}

/** An error in plain words. */
export const quizWords = (error: FoyerError): string => wordsOf(error, WORDS)

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
