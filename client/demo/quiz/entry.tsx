import { type SubmitEvent, useState } from 'react'
import { type Guest, signIn } from '../board/guest.ts'
import { randomPerson } from '../names.ts'
import { Field } from '../parts/field.tsx'
import { Trouble } from './parts/trouble.tsx'
import type { Place } from './place.ts'
import { useAct } from './use-act.ts'

export interface EntryProps {
  /** Where one is on the way to. */
  place: Place
  /** Why one is here again. */
  trouble: string | null
  onEnter: (guest: Guest) => void
}

/** Who has no name here yet picks one. */
export function Entry({ place, trouble: why, onEnter }: EntryProps) {
  const [person, setPerson] = useState(randomPerson)
  const { act, isBusy, trouble } = useAct()
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    void act(async () => onEnter(await signIn(person.trim())))
  }
  const { title, lead } = greeting(place)
  return (
    <div className="stage" data-testid="entry">
      <div className="intro">
        <h1>{title}</h1>
        <p className="lead">{lead}</p>
      </div>
      <form className="panel" onSubmit={submit} aria-labelledby="enter-title" data-testid="enter-form">
        <h2 id="enter-title">Who are you?</h2>
        <Trouble words={trouble ?? why} />
        <Field
          label="Your name"
          hint="others see it"
          value={person}
          onChange={({ target }) => setPerson(target.value)}
          required
          pattern=".*\S.*"
          maxLength={40}
        />
        <div className="row">
          <button type="submit" className="main" disabled={isBusy}>
            Come in
          </button>
        </div>
        <p className="dim">
          You are a guest of this tab for twelve hours, also after a reload. Another tab can be somebody else.
        </p>
      </form>
    </div>
  )
}

function greeting(place: Place): { title: string; lead: string } {
  switch (place.at) {
    case 'link':
      return {
        title: place.by === null ? 'You are invited' : `${place.by} invites you`,
        lead: 'Say who you are: then the two of you are friends, and you come to the room that the link is for.',
      }
    case 'room':
      return { title: 'A quiz room', lead: 'Say who you are, and you come to the room that this address names.' }
    case 'deck':
      return { title: 'A deck of cards', lead: 'Say who you are, and you come to the deck that this address names.' }
    case 'home':
      return {
        title: 'Quiz rooms',
        lead: 'Make decks of cards, find friends, plan a quiz in a room of your own and play it together. When a server or a network fails in the middle of a question, it goes on where it was.',
      }
  }
}
