import { useState } from 'react'
import { toFoyerError } from '../../../index.ts'
import { randomPerson } from '../../names.ts'
import { forgetGuest, type Guest, makeBoard, recallGuest, signIn } from '../guest.ts'
import { boardHere } from '../place.ts'
import { boardWords } from '../words.ts'
import { Boards } from './boards.tsx'
import { CreateForm, OpenForm } from './forms.tsx'

/** Where one is before a board: make one, open one by its link, or go back to one. */
export function Entry({ onEnter }: { onEnter: (place: { guest: Guest; room: string }) => void }) {
  const [known] = useState(recallGuest)
  const [person, setPerson] = useState(() => known?.name ?? randomPerson())
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const invited = boardHere()

  const enter = async (roomOf: (guest: Guest) => string | Promise<string>) => {
    setBusy(true)
    setTrouble(null)
    try {
      const guest = await signIn(person.trim())
      onEnter({ guest, room: await roomOf(guest) })
    } catch (thrown) {
      const error = toFoyerError(thrown)
      if (error.rule === 'unauthorized') forgetGuest()
      setTrouble(boardWords(error))
      setBusy(false)
    }
  }
  const forms = [
    <CreateForm
      key="create"
      {...{ person, setPerson, isBusy }}
      onCreate={(title) => void enter((guest) => makeBoard(guest, title))}
    />,
    <OpenForm
      key="open"
      {...{ person, setPerson, isBusy, invited }}
      onOpen={(room) => void enter(() => room)}
      onTrouble={setTrouble}
    />,
  ]
  // Who comes by a link meets it first, on a phone too.
  const [first, second] = invited === null ? forms : forms.toReversed()
  return (
    <div className="stage" data-testid="entry">
      <div className="intro">
        <h1>Shared boards</h1>
        <p className="lead">
          A drawing, some tasks and a counter that everybody with the link changes at once. What you do shows at once,
          also while you are offline, and the server keeps it.
        </p>
        {trouble !== null && (
          <p className="notice wrong" role="alert" data-testid="trouble">
            {trouble}
          </p>
        )}
      </div>
      {first}
      <div className="stack">
        {second}
        {known !== null && <Boards guest={known} onChoose={(room) => onEnter({ guest: known, room })} />}
      </div>
    </div>
  )
}
