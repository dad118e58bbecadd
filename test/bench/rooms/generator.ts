import { serveActs } from './acting.ts'
import { audienceActs } from './audience.ts'
import { colyseusStage, colyseusWriters } from './colyseus-client.ts'
import { foyerStage, foyerWriters } from './foyer-client.ts'
import { type Lane, type Setup, writingActs } from './lanes.ts'
import { sharedbStage, sharedbWriters } from './sharedb-client.ts'
import { socketioStage, socketioWriters } from './socketio-client.ts'

const WRITERS = { foyer: foyerWriters, sharedb: sharedbWriters, socketio: socketioWriters, colyseus: colyseusWriters }
const STAGES = { foyer: foyerStage, sharedb: sharedbStage, socketio: socketioStage, colyseus: colyseusStage }
export type Kind = keyof typeof WRITERS

/** A load generator's process: the other end of the sockets of any contender. */
const acts = {
  ...writingActs(({ kind, ...setup }: Setup & { kind: Kind }): Promise<Lane> => WRITERS[kind](setup)),
  ...audienceActs(({ kind, ...options }: { kind: Kind; port: number; perSocket: number }) => STAGES[kind](options)),
}
export type GeneratorActs = typeof acts
serveActs(acts)
