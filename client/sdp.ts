import type { Candidate } from '../shared/session/schema.ts'

/** A description without its candidates, and these by themselves (RFC 8839 §5.1), for a peer that must not begin yet. */
export function splitCandidates(sdp: string): { bare: string; candidates: Candidate[] } {
  const candidates: Candidate[] = []
  const bare: string[] = []
  let sdpMLineIndex = -1
  for (const line of sdp.split(/\r?\n/)) {
    if (line.startsWith('m=')) sdpMLineIndex++
    if (line.startsWith('a=candidate:')) candidates.push({ candidate: line.slice(2), sdpMLineIndex })
    else if (line !== 'a=end-of-candidates') bare.push(line)
  }
  return { bare: bare.join('\r\n'), candidates }
}
