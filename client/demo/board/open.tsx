import { useEffect, useMemo, useState } from 'react'
import { type OpenedRoom, usePresence } from '../../react.ts'
import { Bar } from './bar.tsx'
import { Counter } from './counter.tsx'
import { type BoardSchema, type Here, hereSchema, type Stroke } from './data.ts'
import { Drawing } from './drawing/drawing.tsx'
import { type BoardRoom, editsOf, leaveName, type Rule, ruleOf } from './edits.ts'
import { Ways } from './ways.tsx'
import { People } from './people.tsx'
import { inkOf, personsOf } from './persons.ts'
import { linkTo } from './place.ts'
import { Table } from './table/table.tsx'
import { useRejected } from './use-rejected.ts'
import { useWayBack } from './use-way-back.ts'
import { boardWords } from './words.ts'

export interface OpenBoardProps {
  board: OpenedRoom<BoardSchema>
  /** One's own name. */
  name: string
}

/** The board itself, and who is on it. */
export function OpenBoard({ board: { room, data, view }, name }: OpenBoardProps) {
  const { words, say, dismiss } = useRejected(room)
  const edits = useMemo(() => editsOf(room), [room])
  const rule = useMemo(() => ruleOf(room, say), [room, say])
  const { undo, redo } = useWayBack(room, say)
  // Without it one is a bare id to the others while one is away, which is no reason for an alarm.
  useEffect(() => void leaveName(room, name).catch(() => {}), [room, name])
  const { state, pending, canUndo, canRedo } = view
  return (
    <>
      <div className="wide">
        <Bar {...{ link: linkTo(room.id), state, pending, canUndo, canRedo, onUndo: undo, onRedo: redo }} />
        {view.error !== null && (
          <p className="notice wrong" role="alert">
            {boardWords(view.error)}
          </p>
        )}
        {words !== null && (
          <div className="notice wrong" role="alert" data-testid="rejected">
            <p>{words}</p>
            <button type="button" className="small" onClick={dismiss}>
              Understood
            </button>
          </div>
        )}
      </div>
      <div className="stack main-part">
        <LiveDrawing room={room} name={name} strokes={data.strokes} onStroke={edits.draw} onClear={edits.clear} />
        <Table rows={data.rows} edits={edits.table} />
      </div>
      <div className="stack">
        <Counter count={data.count} onAdd={edits.count} />
        <LivePeople room={room} view={view} people={data.people} rule={rule} />
        <Ways isOwner={view.owner === room.user} onLeave={rule.leave} onDelete={rule.destroy} />
      </div>
    </>
  )
}

interface LiveDrawingProps {
  room: BoardRoom
  name: string
  strokes: readonly Stroke[]
  onStroke: (stroke: Stroke) => void
  onClear: () => void
}

/** Apart from the rest of the board, which others' moving pens do not concern. */
function LiveDrawing({ room, name, ...drawing }: LiveDrawingProps) {
  const [ink, setInk] = useState(() => inkOf(room.user))
  const { others, present } = usePresence(room, { schema: hereSchema })
  const show = useMemo(() => (pen: Pick<Here, 'at' | 'line'>) => present({ name, ink, ...pen }), [present, name, ink])
  return <Drawing {...drawing} ink={ink} setInk={setInk} others={others} onShow={show} />
}

interface LivePeopleProps {
  room: BoardRoom
  view: OpenedRoom<BoardSchema>['view']
  people: Readonly<Record<string, string>>
  rule: Rule
}

function LivePeople({ room, view: { owner, occupants, state }, people, rule }: LivePeopleProps) {
  const { others, own } = usePresence(room, { schema: hereSchema })
  const shown = own === null ? others : [...others, own]
  const persons = personsOf({ me: room.user, owner, occupants, people, shown })
  return <People persons={persons} isStale={state === 'offline'} own={owner === room.user ? rule : null} />
}
