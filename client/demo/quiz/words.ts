import type { FoyerError, FoyerRule } from '../../index.ts'
import { inWords } from '../wording.ts'

/** What rules mean among friends, decks and quiz rooms, for a person. */
const WORDS: Partial<Record<FoyerRule, string>> = {
  'guests-off': 'This server lets no guests in. Only its development start does.',
  unauthorized: 'Your guest’s pass has run out. Come in again.',
  'room-gone': 'There is no such room any more.',
  'room-full': 'Every seat of this room is taken.',
  'not-occupant': 'You are not in this room any more.',
  'not-friend':
    'That is for friends only: nobody in this room is a friend of yours any more, or somebody you chose is not.',
  'not-invited': 'Nobody in this room has invited you.',
  'no-request': 'This request is not there any more.',
  'friend-blocked': 'You have blocked this person. Unblock them first.',
  'friend-refused': 'This person takes no request from you.',
  'link-gone': 'This link is used up or too old: each works once. Ask for a new one.',
  'deck-unplayable': 'This deck has no cards to play, or is not shared with you any more.',
  'deck-full': 'That is more than one deck holds.',
  'deck-unreadable': 'This file cannot be read as what it is said to be. Is the format the right one?',
  'too-large': 'That is too large.',
  'not-found': 'There is no such deck, or it is not shared with you.',
  forbidden: 'You may not do that.',
  'not-owner': 'Only the owner of the deck may do that.',
  'version-conflict': 'Somebody else has changed the same meanwhile. Look again.',
  'path-missing': 'This card is not there any more.',
  'limit-reached': 'That would be more than may be.',
  'stale-command': 'The clock of this device is far off, or this came much too late.',
}

/** `special`: what a rule means where it means something of its own. */
export const quizWords = (error: FoyerError, special: Partial<Record<FoyerRule, string>> = {}): string =>
  special[error.rule] ?? WORDS[error.rule] ?? inWords(error) ?? 'That was broken off.'
