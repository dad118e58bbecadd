// The page of the tests of the quiz hooks, and nothing around them. What it is given stands in its address.
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { connect } from '../../client/connect.ts'
import { useNotifications, useQuiz } from '../../client/react.ts'

const given = new URLSearchParams(location.search)
const client = connect({ url: '', token: given.get('token') ?? '' })

function Quiz({ name, room }: { name: string; room: string | null }) {
  // Made anew at each render, as a careless component does.
  const quiz = useQuiz(client, room === null ? null : { room })
  const words = () => {
    if (quiz.status === 'none' || quiz.status === 'opening') return quiz.status
    if (quiz.status === 'failed') return `failed ${quiz.error.rule}`
    const { kind, messages, occupants } = quiz.view
    return `${quiz.status} ${kind} ${occupants.length} here: ${messages.map(({ text, about }) => about?.type ?? text).join()}`
  }
  return (
    <div data-testid={name}>
      <p>
        {words()}{' '}
        {(quiz.status === 'ended' || quiz.status === 'failed') && <button onClick={quiz.reopen}>Again</button>}
      </p>
      <button onClick={() => void quiz.quiz?.message(`by ${name}`)}>Say</button>
      <button onClick={() => void quiz.quiz?.leave()}>Leave</button>
    </div>
  )
}

function Inbox() {
  const { status, notifications, unread, read } = useNotifications(client)
  return (
    <div data-testid="inbox">
      <p>{`${status} ${unread} of ${notifications.map(({ kind }) => kind).join()}`}</p>
      <button onClick={() => void read(notifications[0]?.cursor ?? 0)}>Read</button>
    </div>
  )
}

function App() {
  const [parts, show] = useState(given.get('parts')?.split(',') ?? [])
  const [room, goTo] = useState<string | null>(given.get('room'))
  const [life, begin] = useState(0)
  const toggle = (name: string) =>
    show((now) => (now.includes(name) ? now.filter((one) => one !== name) : [...now, name]))
  return (
    <>
      {['first', 'second', 'inbox'].map((name) => (
        <button key={name} onClick={() => toggle(name)}>{`Toggle ${name}`}</button>
      ))}
      <button onClick={() => begin((now) => now + 1)}>Remount</button>
      <button onClick={() => goTo(given.get('other') ?? null)}>Other room</button>
      {['first', 'second'].map((name) => parts.includes(name) && <Quiz key={`${name} ${life}`} {...{ name, room }} />)}
      {parts.includes('inbox') && <Inbox />}
    </>
  )
}

const root = document.createElement('main')
document.body.append(root)
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
