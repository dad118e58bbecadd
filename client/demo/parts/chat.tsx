import { type SubmitEvent, useEffect, useRef, useState } from 'react'
import { clock } from '../format.ts'
import type { Line } from './lines.ts'

export interface ChatProps {
  lines: readonly Line[]
  /** Absent: nobody hears. */
  onSend: ((text: string) => void) | undefined
  /** Take the focus when somebody hears: where there is nothing else to do. */
  focus?: boolean
}

/** Characters; well below what one data-channel message may hold. */
const LONGEST = 2_000

export function Chat({ lines, onSend, focus = false }: ChatProps) {
  const [text, setText] = useState('')
  const log = useRef<HTMLOListElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const live = onSend !== undefined

  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight })
  }, [lines])
  useEffect(() => {
    // On a phone it would bring up the keyboard over what there is to see.
    if (live && focus && matchMedia('(pointer: fine)').matches) field.current?.focus()
  }, [live, focus])

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (text.trim() === '') return
    onSend?.(text)
    setText('')
  }

  return (
    <section
      className="panel chat"
      aria-labelledby="chat-title"
      data-testid="chat"
      data-state={live ? 'open' : 'closed'}
    >
      <h2 id="chat-title">Chat</h2>
      {/* Focusable, so that it can be scrolled by keyboard. */}
      <ol ref={log} className="log" role="log" aria-label="Messages" tabIndex={0} data-testid="log">
        {lines.map((line) => (
          <Message key={line.id} line={line} />
        ))}
      </ol>
      <form className="row" onSubmit={submit}>
        <label className="hidden" htmlFor="chat-text">
          Message
        </label>
        <input
          id="chat-text"
          ref={field}
          value={text}
          onChange={(event) => setText(event.target.value)}
          maxLength={LONGEST}
          placeholder={live ? 'Write a message' : 'Not connected'}
          autoComplete="off"
          enterKeyHint="send"
          disabled={!live}
          data-testid="message"
        />
        <button type="submit" disabled={!live} data-testid="send">
          Send
        </button>
      </form>
    </section>
  )
}

function Message({ line: { from, who, text, at } }: { line: Line }) {
  if (from === 'system') {
    return (
      <li className="line system" data-from="system">
        {text}
      </li>
    )
  }
  const name = from === 'me' ? 'You' : (who ?? 'They')
  return (
    <li className={`line ${from}`} data-from={from}>
      <p className="by">
        {name} <time dateTime={at.toISOString()}>{clock(at)}</time>
      </p>
      <p className="text">{text}</p>
    </li>
  )
}
