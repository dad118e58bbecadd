import { useReducer, useRef } from 'react'
import { connect, meet } from '../../index.ts'
import { useLines } from '../parts/lines.ts'
import { watchPath } from '../parts/watch-path.ts'
import { toldFetch } from '../requests.ts'
import { evolve, IDLE } from './view.ts'

/** One visit at a time to a mailbox room, and the chat that comes of it. */
export function useMeet() {
  const [view, tell] = useReducer(evolve, IDLE)
  const { lines, say, clear } = useLines()
  const end = useRef(() => {})

  const visit = async (room: string, leaving: AbortController) => {
    const { signal } = leaving
    const meeting = await meet(room, {
      client: connect({ url: '', fetch: toldFetch(tell) }),
      signal,
      onState: (progress) => tell({ type: 'progress', progress }),
    })
    const { channel, peer, role, close } = meeting
    end.current = () => {
      leaving.abort()
      close()
    }
    channel.addEventListener('message', ({ data }) => say({ from: 'peer', text: String(data) }))
    channel.addEventListener('close', () => {
      say({ from: 'system', text: signal.aborted ? 'You left.' : 'The other side left.' })
      close()
    })
    watchPath(peer, (text) => say({ from: 'system', text }))
    tell({ type: 'met', meeting })
    say({ from: 'system', text: `Connected as ${role}. What you write goes straight to the other side.` })
  }

  const join = (room: string) => {
    const leaving = new AbortController()
    end.current = () => leaving.abort()
    clear()
    tell({ type: 'begin', at: performance.now() })
    // Whatever went wrong was told as progress too.
    visit(room, leaving).catch(() => {})
  }

  const send = (text: string) => {
    view.meeting?.channel.send(text)
    say({ from: 'me', text })
  }

  return { view, lines, join, leave: () => end.current(), send }
}
