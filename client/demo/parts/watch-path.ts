/** Says when a connection falls silent, comes back, or is given up by ICE (RFC 7675: about 5 and 30 s of silence). */
export function watchPath(peer: RTCPeerConnection, say: (text: string) => void): void {
  let silent = false
  peer.addEventListener('connectionstatechange', () => {
    const { connectionState } = peer
    if (connectionState === 'disconnected') say('The other side has gone silent. Waiting for it to come back …')
    if (connectionState === 'connected' && silent) say('It is back.')
    if (connectionState === 'failed') {
      say('The connection is lost.')
      peer.close()
    }
    silent = connectionState === 'disconnected'
  })
}
