import type { FoyerError, FoyerRule } from '../../index.ts'
import type { RoomEnd } from '../../room/types.ts'
import { inWords } from '../wording.ts'
import { BOUNDS } from './data.ts'

/** What rules mean on a board, for a person. */
const WORDS: Partial<Record<FoyerRule, string>> = {
  'room-gone': 'There is no board at this link, or it was deleted.',
  'room-full': 'Every seat of this board is taken.',
  banned: 'The owner does not let you in.',
  'not-occupant': 'You are not on this board any more.',
  'not-owner': 'Only the owner may do that.',
  'no-such-occupant': 'This person has left already.',
  'path-missing': 'Somebody else has removed what you changed.',
  'test-failed': 'Somebody else has changed the same meanwhile.',
  'out-of-bounds': `The counter goes from ${BOUNDS.min} to ${BOUNDS.max}.`,
  'limit-reached': 'The board is full: that would be more than one may hold.',
  'queue-full': 'Too many changes wait for the server. Make more when it is back.',
  'unfit-data': 'The data of this room is not that of a board.',
  'guests-off': 'This server lets no guests in. Only its development start does.',
  unauthorized: 'Your guest’s pass has run out. Come in again.',
}

export const boardWords = (error: FoyerError): string => WORDS[error.rule] ?? inWords(error) ?? 'That was broken off.'

const ENDS: Readonly<Record<RoomEnd['why'], string>> = {
  deleted: 'The board was deleted.',
  kicked: 'The owner has removed you from the board. With its link you may come back.',
  banned: 'The owner has removed you from the board for good.',
  left: 'You left the board. With its link you may come back.',
  closed: 'The board is closed.',
  lost: 'The server does not know you any more.',
}

/** How it ended; a server's word that is more exact counts. */
export function endWords({ why, reason, error }: RoomEnd): string {
  const words = why === 'lost' && error !== undefined ? boardWords(error) : ENDS[why]
  return reason === '' ? words : `${words} “${reason}”`
}
