import { useRef } from 'react'
import type { Row } from '../data.ts'
import { Cell } from './cell.tsx'
import { COLUMNS, type TableEdits } from './table.tsx'

export interface TableRowProps {
  row: Row
  /** Its place, from 0. */
  nth: number
  above: string | undefined
  below: string | undefined
  /** Before which it stands once it has moved down; null: last. */
  afterNext: string | null
  edits: TableEdits
}

export function TableRow({ row, nth, above, below, afterNext, edits }: TableRowProps) {
  const { id } = row
  const name = `row ${nth + 1}`
  const self = useRef<HTMLTableRowElement>(null)
  const remove = () => {
    // The button goes with its row; whoever works by keyboard stays in the table.
    const near = self.current?.nextElementSibling ?? self.current?.previousElementSibling
    near?.querySelector<HTMLElement>('[data-do=remove]')?.focus()
    edits.remove(id)
  }
  return (
    <tr ref={self} data-row={id}>
      {COLUMNS.map(([column, title]) => (
        <td key={column} data-column={column}>
          <Cell
            label={`${title}, ${name}`}
            hint={title}
            value={row[column]}
            onSet={(value) => edits.set(id, column, value)}
          />
        </td>
      ))}
      <td className="tools">
        <button
          type="button"
          className="icon"
          onClick={() => above !== undefined && edits.move(id, above)}
          aria-disabled={above === undefined}
          aria-label={`Move ${name} up`}
        >
          ↑
        </button>
        <button
          type="button"
          className="icon"
          onClick={() => below !== undefined && edits.move(id, afterNext)}
          aria-disabled={below === undefined}
          aria-label={`Move ${name} down`}
        >
          ↓
        </button>
        <button type="button" className="icon" onClick={remove} aria-label={`Remove ${name}`} data-do="remove">
          ×
        </button>
      </td>
    </tr>
  )
}
