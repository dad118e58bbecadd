import { useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import type { Visibility } from '../../../../shared/deck/deck.ts'
import type { DeckView } from '../../../../shared/deck/schema.ts'
import { useFoyer } from '../../../react-query.ts'
import { Field } from '../../parts/field.tsx'
import { CopyLink } from '../../parts/copy.tsx'
import { command } from '../calls.ts'
import { Area, Choice } from '../parts/inputs.tsx'
import { Trouble } from '../parts/trouble.tsx'
import { pathTo } from '../place.ts'
import { useSite } from '../site.ts'
import { useAct } from '../use-act.ts'
import { useEdit } from './use-deck.ts'

const WHO: Readonly<Record<Visibility, string>> = {
  private: 'Only me',
  shared: 'Who has its link',
  public: 'Everybody: lists show it',
}

/** What a deck is called and who sees it, and its end. */
export function Settings({ deck }: { deck: DeckView }) {
  // What was changed here and nothing else is saved: the rest may have been changed elsewhere.
  const [edits, setEdits] = useState<Partial<Pick<DeckView, 'title' | 'description' | 'visibility'>>>({})
  const { edit, isBusy, trouble } = useEdit(deck.id)
  const [isSaved, setSaved] = useState(false)
  const change = (part: typeof edits) => {
    setSaved(false)
    setEdits((now) => ({ ...now, ...part }))
  }
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    void edit(edits, () => {
      setSaved(true)
      setEdits({})
    })
  }
  const { title, description, visibility } = { ...deck, ...edits }
  return (
    <section className="panel" aria-labelledby="settings-title" data-testid="settings">
      <h2 id="settings-title">About the deck</h2>
      <form className="stack" onSubmit={submit}>
        <Field
          label="Title"
          value={title}
          onChange={({ target }) => change({ title: target.value })}
          required
          pattern=".*\S.*"
          maxLength={128}
        />
        <Area
          label="Description"
          value={description}
          onChange={({ target }) => change({ description: target.value })}
          maxLength={4_096}
        />
        <Choice
          label="Who sees it"
          value={visibility}
          options={WHO}
          onChoose={(chosen) => change({ visibility: chosen })}
        />
        <Trouble words={trouble} />
        <div className="row">
          <button type="submit" disabled={isBusy}>
            {isSaved ? 'Saved' : 'Save'}
          </button>
          {deck.visibility !== 'private' && (
            <CopyLink link={`${location.origin}${pathTo({ at: 'deck', deck: deck.id })}`} />
          )}
          <span className="hidden" role="status">
            {isSaved ? 'The deck is saved' : ''}
          </span>
        </div>
      </form>
      <Removal deck={deck.id} />
    </section>
  )
}

function Removal({ deck }: { deck: string }) {
  const { client, go } = useSite()
  const foyer = useFoyer()
  const queryClient = useQueryClient()
  const { act, isBusy, trouble } = useAct()
  const [isAsking, setAsking] = useState(false)
  const remove = () =>
    act(async () => {
      await command((envelope, options) => client.deck.remove.mutate({ ...envelope, deck }, options))
      go({ home: true })
      queryClient.removeQueries(foyer.deck.get.queryFilter({ deck }))
      await queryClient.invalidateQueries(foyer.deck.pathFilter())
    })
  if (!isAsking)
    return (
      <div className="row">
        <button type="button" className="quiet small" onClick={() => setAsking(true)}>
          Delete deck
        </button>
      </div>
    )
  return (
    <div className="stack" role="group" aria-label="Delete the deck">
      <p>Delete this deck with all of its cards? It cannot be brought back.</p>
      <Trouble words={trouble} />
      <div className="row">
        <button type="button" disabled={isBusy} onClick={() => void remove()}>
          Delete for good
        </button>
        <button type="button" className="quiet" onClick={() => setAsking(false)} autoFocus>
          Keep it
        </button>
      </div>
    </div>
  )
}
