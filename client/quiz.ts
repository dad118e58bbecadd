import type { QuizServer } from './quiz/calls.ts'
import { openWithin, type OpenQuizOptions } from './quiz/open.ts'
import type { Quiz } from './quiz/types.ts'
import { OPEN_MS } from './session.ts'

/**
 * Opens a quiz room (seed 4), with a seat in it; resolves once it is there. From then on it follows the room, over losses of the
 * network and restarts of servers, until `close()` or the event `ended`. A room that has ended opens, too: it says where its
 * occupants went (`move`). `client`: one that `connect` made. Errors: `room-gone`, `not-occupant`, `not-friend`, `not-invited`,
 * `room-full`, `unauthorized`, `forbidden` (`as`), `offline` (30 s without the server), `aborted`.
 */
export const openQuiz = (client: QuizServer, options: OpenQuizOptions): Promise<Quiz> =>
  openWithin(client, options, OPEN_MS)
