import { type FoyerClient, hostSession, type LeaveReason, toFoyerError } from '../../../index.ts'
import type { NewLine } from '../../parts/lines.ts'
import type { Happening } from '../../parts/use-steps.ts'
import { type Hosting, remember } from '../remembered.ts'
import { decode, encode, type Said } from '../wire.ts'
import type { Hosted, HostEvent, Peer } from './view.ts'

/** Where a run shows what it does. */
export interface HostScreen {
  client: FoyerClient
  tell: (event: HostEvent) => void
  step: (state: string, happening: Happening) => void
  say: (line: NewLine) => void
}

const LEFT: Readonly<Record<LeaveReason, string>> = {
  left: 'left',
  dropped: 'was dropped',
  closed: 'is gone; the seat is kept',
  lost: 'could not be reached; the seat is kept',
  replaced: 'comes back with a new connection',
}

/** Hosts a session as the form says: decides who comes in, and relays the chat between all of them. */
export function hostRun(hosting: Hosting, screen: HostScreen) {
  const { client, tell, step, say } = screen
  const door = doorOf(hosting, tell)
  let session: Hosted | null = null

  const relay = (said: Said, except?: string) => {
    for (const { client: name, channel } of session?.peers.values() ?? [])
      if (name !== except && channel.readyState === 'open') channel.send(encode(said))
  }
  const announce = (text: string) => {
    say({ from: 'system', text })
    relay({ from: null, text })
  }

  const welcome = (peer: Peer) => {
    const { client: name, channel } = peer
    tell({ type: 'guest', guest: { client: name, state: 'open', peer } })
    step('peer', { title: `${name} is connected`, moment: true })
    announce(`${name} is here.`)
    channel.addEventListener('message', ({ data }) => {
      const said = decode(data)
      if (said === null) return
      say({ from: 'peer', who: name, text: said.text })
      // Under the seat's name, whatever the line says of itself.
      relay({ from: name, text: said.text }, name)
    })
  }

  const goodbye = (name: string, reason: LeaveReason) => {
    tell({ type: 'left', client: name, reason })
    step(reason, { title: `${name} ${LEFT[reason]}`, moment: true })
    if (reason !== 'left' && reason !== 'dropped') return
    door.forget(name)
    announce(`${name} ${LEFT[reason]}.`)
  }

  const listen = (hosted: Hosted) => {
    hosted.on('request', ({ client: name }) => step('request', { title: `${name} asks to join`, moment: true }))
    hosted.on('peer', welcome)
    hosted.on('left', ({ client: name, reason }) => goodbye(name, reason))
    hosted.on('health', ({ client: name, health }) => {
      tell({ type: 'health', client: name, health })
      step(health, { title: `${name}: ${health}`, moment: true })
    })
    hosted.on('error', ({ client: name, error }) =>
      step(error.rule, { title: `${name}: trouble`, moment: true, error }),
    )
    hosted.on('state', ({ state, error }) => {
      if (state === 'ended') tell({ type: 'over', error: error ?? null })
      else tell({ type: 'online', online: state === 'online' })
      step(state, { title: `Server: ${state}`, moment: true, error })
    })
  }

  const open = async () => {
    step('hosting', { title: 'Opening the session' })
    const { hostName, name, visibility, maxClients, password } = hosting
    const wanted = { hostName, name, visibility, maxClients, password }
    try {
      session = await hostSession({ client, store: sessionStorage, onRequest: door.asked, ...wanted })
    } catch (thrown) {
      const error = toFoyerError(thrown)
      tell({ type: 'over', error })
      return step('failed', { title: 'Not opened', moment: true, error })
    }
    listen(session)
    tell({ type: 'opened', session })
    step('open', { title: session.resumed ? 'Session taken over' : 'Session open', moment: true })
  }

  return {
    open,
    setAsks: door.setAsks,
    drop: (name: string) => session?.drop(name).catch(() => {}),
    close: () => session?.close(),
    send: (text: string) => {
      say({ from: 'me', text })
      relay({ from: hosting.hostName, text })
    },
  }
}
export type HostRun = ReturnType<typeof hostRun>

/** Who comes in: everybody, or whom the host accepts. What it decided is kept for after a reload. */
function doorOf(hosting: Hosting, tell: HostScreen['tell']) {
  let present = hosting
  const change = (what: Partial<Hosting>) => {
    present = { ...present, ...what }
    remember(present)
  }
  const forget = (name: string) => change({ accepted: present.accepted.filter((one) => one !== name) })
  const admit = (name: string) => {
    forget(name)
    change({ accepted: [...present.accepted, name] })
    tell({ type: 'guest', guest: { client: name, state: 'connecting' } })
    return true
  }
  const refuse = (name: string) => {
    tell({ type: 'left', client: name, reason: 'dropped' })
    return false
  }

  const asked = ({ client: name }: { client: string }) => {
    if (!present.asks || present.accepted.includes(name)) return admit(name)
    const { promise, resolve } = Promise.withResolvers<boolean>()
    tell({ type: 'guest', guest: { client: name, state: 'asks', decide: resolve } })
    return promise.then((accept) => (accept ? admit(name) : refuse(name)))
  }
  const setAsks = (asks: boolean) => {
    change({ asks })
    tell({ type: 'asks', asks })
  }
  return { asked, setAsks, forget }
}
