import { useState } from 'react'
import type { Card } from '../../../../shared/deck/cards.ts'
import type { DeckView } from '../../../../shared/deck/schema.ts'
import { Trouble } from '../parts/trouble.tsx'
import { useKeptFocus } from '../use-kept-focus.ts'
import { CardForm } from './card-form.tsx'
import { draftOf, EMPTY } from './draft.ts'
import { KINDS, keyOf } from './kinds.ts'
import { type CardOperation, useEdit } from './use-deck.ts'

/** The cards of an own deck, and the form of the one that is being edited. */
export function Cards({ deck: { id, cards } }: { deck: DeckView }) {
  const [open, setOpen] = useState<string | null>(null)
  const { edit, isBusy, trouble } = useEdit(id)
  const [count, setCount] = useState(0)
  const heading = useKeptFocus(`${open} ${cards.map((card) => card.id).join()}`)
  const close = () => setOpen(null)
  const put = (card: CardOperation & { op: 'put' }, onDone: () => void) => void edit({ operations: [card] }, onDone)
  return (
    <>
      <section className="panel" aria-labelledby="cards-title" data-testid="cards">
        <h2 id="cards-title" ref={heading} tabIndex={-1}>
          Cards <span className="dim">{cards.length}</span>
        </h2>
        {open === null && <Trouble words={trouble} />}
        {cards.length === 0 && <div className="empty">No card yet. Make the first below, or import a file.</div>}
        {cards.length > 0 && (
          <ol className="people">
            {cards.map((card, at) =>
              card.id === open ? (
                <li key={card.id} className="person editing">
                  <CardForm
                    name={`Card ${at + 1}`}
                    start={draftOf(card)}
                    {...{ isBusy, trouble }}
                    onSave={(body) => put({ op: 'put', card: { ...body, id: card.id } }, close)}
                    onCancel={close}
                  />
                </li>
              ) : (
                <CardRow
                  key={card.id}
                  {...{ card, at, isBusy }}
                  isLast={at === cards.length - 1}
                  onEdit={() => setOpen(card.id)}
                  onStep={(operation) => void edit({ operations: [operation] })}
                />
              ),
            )}
          </ol>
        )}
      </section>
      <section className="panel" aria-labelledby="add-title" data-testid="add-card">
        <h2 id="add-title">Add a card</h2>
        <CardForm
          key={count}
          name="New card"
          start={EMPTY}
          isBusy={isBusy}
          trouble={open === null ? trouble : null}
          onSave={(card) => put({ op: 'put', card }, () => setCount(count + 1))}
        />
      </section>
    </>
  )
}

interface CardRowProps {
  card: Card
  at: number
  isLast: boolean
  isBusy: boolean
  onEdit: () => void
  onStep: (operation: CardOperation) => void
}

function CardRow({ card, at, isLast, isBusy, onEdit, onStep }: CardRowProps) {
  const { id, type, prompt } = card
  const key = keyOf(card)
  const nth = `card ${at + 1}`
  const move = (to: number) => () => onStep({ op: 'move', id, to })
  return (
    <li className="person" data-card={id} data-type={type}>
      <div>
        <p className="block">{prompt}</p>
        <p className="dim">
          {KINDS[type]}
          {key !== null && ` · ${key}`}
        </p>
      </div>
      <div className="row tools">
        <button
          type="button"
          className="icon"
          aria-disabled={at === 0 || isBusy}
          onClick={at === 0 || isBusy ? undefined : move(at - 1)}
          aria-label={`Move ${nth} up`}
        >
          ↑
        </button>
        <button
          type="button"
          className="icon"
          aria-disabled={isLast || isBusy}
          onClick={isLast || isBusy ? undefined : move(at + 1)}
          aria-label={`Move ${nth} down`}
        >
          ↓
        </button>
        <button type="button" className="quiet small" onClick={onEdit} aria-label={`Edit ${nth}`}>
          Edit
        </button>
        <button
          type="button"
          className="quiet small"
          disabled={isBusy}
          onClick={() => onStep({ op: 'remove', id })}
          aria-label={`Remove ${nth}`}
        >
          Remove
        </button>
      </div>
    </li>
  )
}
