import { type SubmitEvent, useState } from 'react'
import { Field } from '../../parts/field.tsx'
import { boardIn, linkTo } from '../place.ts'

interface FormProps {
  person: string
  setPerson: (name: string) => void
  /** An entry is under way. */
  isBusy: boolean
}

export function CreateForm({ person, setPerson, isBusy, onCreate }: FormProps & { onCreate: (title: string) => void }) {
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const title = String(new FormData(event.currentTarget).get('title') ?? '').trim()
    onCreate(title === '' ? 'A board' : title)
  }
  return (
    <form className="panel" onSubmit={submit} aria-labelledby="create-title" data-testid="create-form">
      <h2 id="create-title">New board</h2>
      <div className="pair">
        <PersonField person={person} setPerson={setPerson} />
        <Field label="Board’s name" hint="optional" name="title" maxLength={80} placeholder="A board" />
      </div>
      <div className="row">
        <button type="submit" className="main" disabled={isBusy}>
          Create
        </button>
      </div>
    </form>
  )
}

interface OpenFormProps extends FormProps {
  /** The board of the link that one came by. */
  invited: string | null
  onOpen: (room: string) => void
  onTrouble: (words: string) => void
}

export function OpenForm({ person, setPerson, isBusy, invited, onOpen, onTrouble }: OpenFormProps) {
  const [link, setLink] = useState(invited === null ? '' : linkTo(invited))
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const room = boardIn(link)
    if (room === null) onTrouble('This is no link to a board: such a link ends with the board’s id.')
    else onOpen(room)
  }
  return (
    <form className="panel" onSubmit={submit} aria-labelledby="open-title" data-testid="open-form">
      <h2 id="open-title">Open a board</h2>
      <PersonField person={person} setPerson={setPerson} />
      <Field
        label="Link"
        hint="that somebody sent you"
        value={link}
        onChange={({ target }) => setLink(target.value)}
        required
        maxLength={500}
      />
      <div className="row">
        <button type="submit" className="main" disabled={isBusy}>
          Open
        </button>
      </div>
    </form>
  )
}

const PersonField = ({ person, setPerson }: Pick<FormProps, 'person' | 'setPerson'>) => (
  <Field
    label="Your name"
    value={person}
    onChange={({ target }) => setPerson(target.value)}
    required
    pattern=".*\S.*"
    maxLength={40}
  />
)
