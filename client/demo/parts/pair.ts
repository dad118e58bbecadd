import { useEffect, useState } from 'react'

/** One end of the path that ICE chose. `address` is null where the browser hides it. */
export interface PathEnd {
  /** host, srflx, prflx or relay (RFC 8445 §4). */
  type: string
  protocol: string
  address: string | null
}

/** The candidate pair in use, by getStats (W3C webrtc-stats). */
export interface Pair {
  local: PathEnd
  remote: PathEnd
  rttMs: number | null
}

/** The fields of webrtc-stats that are read here; the DOM's own types lack the candidates'. */
export interface StatsEntry {
  type: string
  selectedCandidatePairId?: string
  nominated?: boolean
  state?: string
  localCandidateId?: string
  remoteCandidateId?: string
  currentRoundTripTime?: number
  candidateType?: string
  protocol?: string
  address?: string | null
  port?: number
}
type Report = Pick<ReadonlyMap<string, StatsEntry>, 'get' | 'values'>

const LOOK_MS = 2_000

/** The pair in use, or null while there is none. */
export function selectedPair(report: Report): Pair | null {
  const entries = [...report.values()]
  const chosen = entries.find(({ type }) => type === 'transport')?.selectedCandidatePairId
  // Firefox has no transport in its report.
  const nominated = (entry: StatsEntry) =>
    entry.type === 'candidate-pair' && entry.nominated && entry.state === 'succeeded'
  const pair = chosen === undefined ? entries.find(nominated) : report.get(chosen)
  const local = end(report, pair?.localCandidateId)
  const remote = end(report, pair?.remoteCandidateId)
  if (pair === undefined || local === null || remote === null) return null
  const { currentRoundTripTime: seconds } = pair
  return { local, remote, rttMs: seconds === undefined ? null : seconds * 1_000 }
}

function end(report: Report, id: string | undefined): PathEnd | null {
  const entry = id === undefined ? undefined : report.get(id)
  if (entry === undefined) return null
  const { candidateType = 'unknown', protocol = '', address, port } = entry
  const host = address?.includes(':') ? `[${address}]` : address
  return { type: candidateType, protocol, address: host ? `${host}:${port ?? '?'}` : null }
}

/** Looks at a connected peer's pair again and again: its round-trip time changes, and after an ICE restart its addresses. */
export function usePair(peer: RTCPeerConnection | null): Pair | null {
  const [pair, setPair] = useState<Pair | null>(null)
  useEffect(() => {
    if (peer === null) return
    let over = false
    const look = async () => {
      const report = await peer.getStats()
      if (!over) setPair(selectedPair(report))
    }
    void look()
    const timer = setInterval(look, LOOK_MS)
    return () => {
      over = true
      clearInterval(timer)
    }
  }, [peer])
  return peer === null ? null : pair
}
