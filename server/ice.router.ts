import { iceOutput } from '../shared/session/schema.ts'
import { procedure, router } from './trpc.ts'

export const iceRouter = router({
  /** STUN and TURN servers for `new RTCPeerConnection({ iceServers })`; ask again after `refreshInMs`. */
  servers: procedure.output(iceOutput).query(({ ctx }) => ctx.foyer.ice.servers()),
})
