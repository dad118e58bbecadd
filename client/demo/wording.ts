import { FoyerError, type FoyerRule } from '../index.ts'

/** What a person can make of an error, and do about it. Rules that only a program can break keep their own message. */
const WORDS: Partial<Record<FoyerRule, string>> = {
  'room-full': 'The room is full: two others are meeting in it right now. Try again in a moment, or take another name.',
  timeout: 'Nobody came in time, so the room was given back.',
  offline: 'The server cannot be reached.',
  'peer-failed':
    'The two of you found each other, but no direct connection could be made between your networks, or it was lost.',
  'rate-limited': 'That was a little too often for the server.',
  'shutting-down': 'The server is restarting.',
  'name-taken': 'Another session has this name. Choose a different one.',
  'client-name-taken': 'Somebody in this session has your name already. Choose a different one.',
  'session-full': 'Every seat of this session is taken.',
  'session-gone': 'There is no session of this name, or it has ended.',
  'wrong-password': 'The password is not right.',
  'wrong-secret': 'This browser’s key to the session is not valid any more.',
  'seat-gone': 'Your seat in the session is gone.',
  superseded: 'Another tab has taken over. This one has let go.',
  declined: 'The host declined your request.',
}

/** An error in plain words; null for what the user did themselves. */
export function inWords(error: FoyerError): string | null {
  if (error.rule === 'aborted') return null
  return WORDS[error.rule] ?? `${error.message}.`
}
