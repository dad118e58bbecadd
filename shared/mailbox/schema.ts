import { z } from 'zod'
import { idSchema, nameSchema, sdpSchema, waitSchema } from '../ids.ts'

/** `PUT /custom/{room}` and `mailbox.put`: my offer, in case the room is free. */
export const putInput = z.object({ room: nameSchema, offer: sdpSchema })
/** `POST /custom/{room}/keep` and `mailbox.keep`: keep my offer, and the answer if there is one. `wait`: long-poll, ms. */
export const keepInput = z.object({ room: nameSchema, wait: waitSchema.default(0) })
/** `POST /custom/{room}/join` and `mailbox.join`: my answer to the offer that PUT handed out (absent: to the live one). */
export const joinInput = z.object({ room: nameSchema, answer: sdpSchema, offerId: idSchema.optional() })
/** `DELETE /custom/{room}` and `mailbox.remove`. */
export const removeInput = z.object({ room: nameSchema })

/** What `put` answers: a room key (201: you host), the live offer (200: you are the guest), or already the answer (200). */
export const putOutput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('key'), key: z.string() }),
  z.object({ kind: z.literal('offer'), offer: z.string(), offerId: z.string() }),
  z.object({ kind: z.literal('answer'), answer: z.string() }),
])
export type PutOutput = z.infer<typeof putOutput>

/** What `keep` answers: the answer, or null (REST: 204) when there is none yet. */
export const keepOutput = z.object({ answer: z.string().nullable() })
