import { useEffect, useRef } from 'react'
import { newKey } from '../../../index.ts'
import type { Column, Row } from '../data.ts'
import { TableRow } from './row.tsx'

/** The edits of the table: each row has its own id, so they mean the same row wherever others have moved it. */
export interface TableEdits {
  add: (row: Row) => void
  set: (id: string, column: Column, value: string) => void
  remove: (id: string) => void
  /** `before` null: to the end. */
  move: (id: string, before: string | null) => void
}

export const COLUMNS: readonly (readonly [Column, string])[] = [
  ['task', 'Task'],
  ['who', 'Who'],
  ['due', 'When'],
]

export function Table({ rows, edits }: { rows: readonly Row[]; edits: TableEdits }) {
  const body = useRef<HTMLTableSectionElement>(null)
  const added = useRef<string | null>(null)
  useEffect(() => {
    if (added.current === null) return
    body.current?.querySelector<HTMLElement>(`[data-row="${added.current}"] input`)?.focus()
    added.current = null
  }, [rows])
  const add = () => {
    const id = newKey().slice(0, 16)
    added.current = id
    edits.add({ id, task: '', who: '', due: '' })
  }
  return (
    <section className="panel" aria-labelledby="table-title" data-testid="table" data-rows={rows.length}>
      <div className="row head">
        <h2 id="table-title">Tasks</h2>
        <button type="button" className="quiet small" onClick={add}>
          Add row
        </button>
      </div>
      {rows.length === 0 ? (
        <p className="empty">There is no task yet.</p>
      ) : (
        <table className="tasks">
          <thead>
            <tr>
              {COLUMNS.map(([column, name]) => (
                <th key={column} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col">
                <span className="hidden">Order</span>
              </th>
            </tr>
          </thead>
          <tbody ref={body}>
            {rows.map((row, nth) => (
              <TableRow
                key={row.id}
                row={row}
                nth={nth}
                above={rows[nth - 1]?.id}
                below={rows[nth + 1]?.id}
                // What is moved down comes to stand before the row after the next.
                afterNext={rows[nth + 2]?.id ?? null}
                edits={edits}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
