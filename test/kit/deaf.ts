import { Werift } from './werift.ts'

/** A peer that hears nothing any more when the test says so, until ICE is negotiated anew. werift itself needs 30 s to notice. */
export class Deaf extends Werift {
  private silent = false

  override get iceConnectionState() {
    return this.silent ? 'disconnected' : super.iceConnectionState
  }

  override async setRemoteDescription(description: Parameters<Werift['setRemoteDescription']>[0]) {
    this.silent = false
    await super.setRemoteDescription(description)
  }

  fallSilent() {
    this.silent = true
    this.emit('iceconnectionstatechange')
  }
}
