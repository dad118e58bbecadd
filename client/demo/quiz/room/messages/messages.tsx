import { type SubmitEvent, useEffect, useRef, useState } from 'react'
import { LIMITS } from '../../../../../shared/limits.ts'
import type { OpenedQuiz } from '../../../../quiz/followed.ts'
import type { Decks } from '../decks.ts'
import { Trouble } from '../../parts/trouble.tsx'
import { useAct } from '../use-act.ts'
import { MessageLine } from './message.tsx'
import type { Proposal } from './proposal.ts'
import { Propose } from './propose.tsx'

export interface MessagesProps {
  opened: OpenedQuiz
  decks: Decks
  onUse: ((proposal: Proposal) => void) | undefined
}

/** What the occupants say to each other, and what happened to their room. */
export function Messages({ opened: { quiz, view }, decks, onUse }: MessagesProps) {
  const { isBusy, trouble, act } = useAct()
  const [text, setText] = useState('')
  const log = useRef<HTMLOListElement>(null)
  const { messages } = view
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight })
  }, [messages])
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const said = text.trim()
    if (said === '') return
    setText('')
    void act(() => quiz.message(said)).then((isSaid) => {
      // What did not get through is not lost, unless there is something new already.
      if (!isSaid) setText((now) => (now === '' ? said : now))
    })
  }
  const isInside = view.occupants.includes(quiz.user)
  return (
    <section className="panel chat" aria-labelledby="messages-title" data-testid="messages">
      <h2 id="messages-title">Messages</h2>
      {/* Focusable, so that it can be scrolled by keyboard. */}
      <ol ref={log} className="log" role="log" aria-label="Messages" tabIndex={0} data-testid="log">
        {messages.length === 0 && <li className="line system">Nobody has said anything yet.</li>}
        {messages.map((message) => (
          <MessageLine key={message.seq} message={message} me={quiz.user} onUse={onUse} />
        ))}
      </ol>
      {isInside && (
        <form className="row" onSubmit={submit}>
          <label className="hidden" htmlFor="message-text">
            Message
          </label>
          <input
            id="message-text"
            value={text}
            onChange={({ target }) => setText(target.value)}
            maxLength={LIMITS.quiz.messageChars}
            placeholder="Write a message"
            autoComplete="off"
            enterKeyHint="send"
          />
          <button type="submit">{isBusy ? 'Sending …' : 'Send'}</button>
        </form>
      )}
      <Trouble words={trouble} />
      {isInside && view.kind === 'GroupPerpetual' && <Propose quiz={quiz} decks={decks} />}
    </section>
  )
}
