import type { ReactNode } from 'react'
import type { Message } from '../../../../../shared/quiz/state.ts'
import { clock } from '../../../format.ts'
import { paceWords } from '../host/settings.ts'
import { callOf } from '../names.ts'
import { REASONS } from '../words.ts'
import { type Proposal, proposalSchema } from './proposal.ts'

export interface MessageLineProps {
  message: Message
  me: string
  /** Takes a proposal into the form; absent: there is no form. */
  onUse: ((proposal: Proposal) => void) | undefined
}

/** One message: what somebody said or proposed, or what happened to the room. */
export function MessageLine({ message: { by, text, at, about }, me, onUse }: MessageLineProps) {
  if (about?.type === 'spawned')
    return (
      <Happened>
        {by === me ? 'You have' : `${by === null ? 'The room has' : `${callOf(by, me)} has`}`} begun a quiz in a room of
        its own.
      </Happened>
    )
  if (about?.type === 'returned') return <Happened>Back from a quiz. {REASONS[about.reason]}</Happened>
  if (by === null) return <Happened>{text}</Happened>
  const proposal = about?.type === 'proposal' ? (proposalSchema.safeParse(about.proposal).data ?? null) : null
  return (
    <li className={`line ${by === me ? 'me' : 'peer'}`} data-from={by === me ? 'me' : 'peer'}>
      <p className="by">
        {callOf(by, me)} <time dateTime={new Date(at).toISOString()}>{clock(new Date(at))}</time>
      </p>
      <div className="text">
        <p>{text}</p>
        {proposal !== null && (
          <div className="proposal" data-testid="proposal">
            <p className="name">{proposal.title}</p>
            <p className="dim">{paceWords(proposal)}.</p>
            {onUse !== undefined && (
              <button type="button" className="small" onClick={() => onUse(proposal)}>
                Use this
              </button>
            )}
          </div>
        )}
      </div>
    </li>
  )
}

const Happened = ({ children }: { children: ReactNode }) => (
  <li className="line system" data-from="system">
    {children}
  </li>
)
