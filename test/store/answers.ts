import { randomId } from '../../server/secrets.ts'
import type { AnswerDoc } from '../../server/store/docs.ts'

/** An answer for an offer; without one, for an offer that no other answer is for. */
export const answerFor = (offerId = randomId(), more: Partial<AnswerDoc> = {}): AnswerDoc => ({
  _id: randomId(),
  offerId,
  room: 'room',
  at: new Date(),
  answer: 'v=0',
  purgeAt: new Date(Date.now() + 60_000),
  ...more,
})
