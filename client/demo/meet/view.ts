import type { Meeting, MeetProgress, MeetState } from '../../index.ts'
import type { RequestEvent } from '../requests.ts'
import { foldSteps, type TakenStep } from '../parts/steps.ts'

/** One visit to a room, from the press of the button on; folded from what the client tells. */
export interface MeetView {
  state: MeetState | 'idle'
  /** performance.now() of the start. */
  beganAt: number
  steps: readonly TakenStep[]
  role: 'host' | 'guest' | null
  meeting: Meeting<RTCPeerConnection, RTCDataChannel> | null
}

export type MeetEvent =
  | { type: 'begin'; at: number }
  | { type: 'progress'; progress: MeetProgress }
  | { type: 'met'; meeting: Meeting<RTCPeerConnection, RTCDataChannel> }
  | RequestEvent

export const IDLE: MeetView = { state: 'idle', beganAt: 0, steps: [], role: null, meeting: null }

const TITLES: Readonly<Record<MeetState, string>> = {
  gathering: 'Gathering addresses',
  knocking: 'Knocking at the room',
  waiting: 'Waiting as host',
  answering: 'Answering as guest',
  connecting: 'Connecting',
  open: 'Connected',
  closed: 'Closed',
}
const ROLE_OF: Partial<Record<MeetState, 'host' | 'guest'>> = { waiting: 'host', answering: 'guest' }

export function evolve(view: MeetView, event: MeetEvent): MeetView {
  switch (event.type) {
    case 'begin':
      return { ...IDLE, state: 'gathering', beganAt: event.at }
    case 'progress': {
      const { state, ms: atMs, error } = event.progress
      const step = { state, title: TITLES[state], atMs, error, moment: state === 'open' || state === 'closed' }
      return { ...view, state, role: ROLE_OF[state] ?? view.role, steps: foldSteps(view.steps, { type: 'step', step }) }
    }
    case 'met':
      return { ...view, meeting: event.meeting, role: event.meeting.role }
    default:
      return { ...view, steps: foldSteps(view.steps, event) }
  }
}
