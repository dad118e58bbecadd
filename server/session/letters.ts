import type { Side } from '../../shared/session/seat.ts'
import { fingerprint } from '../secrets.ts'
import type { Letter } from '../store/box-appends.ts'
import type { SeatDoc } from '../store/docs.ts'

/** The signal ids that a repeat, or a rival, must meet again: one offer and one answer a generation. */
export const offerId = (seat: SeatDoc, generation: number) => `${seat._id}:${generation}:offer`
export const answerId = (seat: SeatDoc, generation: number) => `${seat._id}:${generation}:answer`

/** Each side says once of a generation that it is connected. */
export const connectedId = (seat: SeatDoc, generation: number, side: Side) =>
  `${seat._id}:${generation}:connected:${side}`

/** Where this side's signals go: the box of the other one. */
export const boxOpposite = (side: Side, seat: SeatDoc) => (side === 'host' ? seat._id : seat.session)

/** Tells one side's offer or answer from another. */
export const descriptionPrint = (side: Side, sdp: string) => fingerprint(side, sdp)

export interface OfferToSend {
  side: Side
  offer: string
  generation: number
  restart: boolean
}

export const offerLetter = (seat: SeatDoc, { side, offer, generation, restart }: OfferToSend): Letter => ({
  id: offerId(seat, generation),
  box: boxOpposite(side, seat),
  seat: seat._id,
  gen: generation,
  print: descriptionPrint(side, offer),
  signal: { kind: 'offer', client: seat.name, generation, offer, restart },
})
