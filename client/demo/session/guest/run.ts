import { type FoyerClient, joinSession, type JoinState } from '../../../index.ts'
import type { NewLine } from '../../parts/lines.ts'
import type { Happening } from '../../parts/use-steps.ts'
import type { Seated } from '../remembered.ts'
import { decode, encode } from '../wire.ts'
import type { GuestEvent, Joined } from './view.ts'

/** Where a run shows what it does. */
export interface GuestScreen {
  client: FoyerClient
  tell: (event: GuestEvent) => void
  step: (state: string, happening: Happening) => void
  say: (line: NewLine) => void
}

const TITLES: Readonly<Record<JoinState, string>> = {
  asking: 'Asking the host',
  connecting: 'Accepted, connecting',
  open: 'Connected to the host',
  restarting: 'Silent, looking for a new way',
  rejoining: 'Lost, connecting anew',
  ended: 'Ended',
}
const MOMENTS: ReadonlySet<JoinState> = new Set(['open', 'ended'])

/** Joins a session and takes part in its chat, which the host relays. */
export function guestRun({ name, clientName, password }: Seated, { client, tell, step, say }: GuestScreen) {
  const leaving = new AbortController()
  let session: Joined | null = null

  const listen = (channel: RTCDataChannel) =>
    channel.addEventListener('message', ({ data }) => {
      const said = decode(data)
      if (said === null) return
      if (said.from === null) say({ from: 'system', text: said.text })
      else say({ from: 'peer', who: said.from, text: said.text })
    })

  const join = async () => {
    const joined = await joinSession({
      ...{ client, name, clientName, password },
      store: sessionStorage,
      signal: leaving.signal,
      onState: (progress) => {
        const { state } = progress
        tell({ type: 'progress', progress })
        step(state, { title: TITLES[state], moment: MOMENTS.has(state) })
      },
    })
    session = joined
    listen(joined.channel)
    tell({ type: 'joined', session: joined })
    say({ from: 'system', text: `You are in. ${joined.hostName} hosts, and hears you first.` })
    joined.on('channel', ({ channel, peer }) => {
      listen(channel)
      tell({ type: 'peer', peer })
      say({ from: 'system', text: 'Connected again.' })
    })
    joined.on('server', ({ state }) => tell({ type: 'online', online: state !== 'offline' }))
    joined.on('error', (error) => step(error.rule, { title: 'Trouble', moment: true, error }))
  }

  return {
    // Whatever went wrong was told as progress too.
    join: () => join().catch(() => {}),
    leave: () => (session === null ? leaving.abort() : void session.leave()),
    send: (text: string) => {
      session?.channel.send(encode({ from: clientName, text }))
      say({ from: 'me', text })
    },
  }
}
