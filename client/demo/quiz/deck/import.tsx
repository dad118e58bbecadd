import { useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useId, useState } from 'react'
import type { ImportReport } from '../../../../shared/deck/schema.ts'
import { useFoyer } from '../../../react-query.ts'
import { command } from '../calls.ts'
import { Choice } from '../parts/inputs.tsx'
import { Trouble } from '../parts/trouble.tsx'
import { useSite } from '../site.ts'
import { useAct } from '../use-act.ts'
import { type FileFormat, FORMATS, formatOf, upload } from './upload.ts'

const BECOME = { 'flash-card': 'Flash cards', typed: 'Typed answers' } as const

/** Cards out of a file, and what was wrong with the rows that made none. */
export function ImportPanel({ deck }: { deck: string }) {
  const { token } = useSite()
  const foyer = useFoyer()
  const queryClient = useQueryClient()
  const id = useId()
  const [file, setFile] = useState<File | null>(null)
  const [format, setFormat] = useState<FileFormat>('table')
  const [become, setBecome] = useState<keyof typeof BECOME>('flash-card')
  const [report, setReport] = useState<ImportReport | null>(null)
  const { act, isBusy, trouble, setTrouble } = useAct()

  const choose = (chosen: File | null) => {
    setFile(chosen)
    setReport(null)
    setTrouble(null)
    if (chosen !== null) setFormat(formatOf(chosen.name))
  }
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (file === null) return
    setReport(null)
    void act(async () => {
      const told = await command((envelope, options) =>
        upload({ ...envelope, deck, format, become, file, token }, options),
      )
      await queryClient.invalidateQueries(foyer.deck.pathFilter())
      setReport(told)
    })
  }
  return (
    <section className="panel" aria-labelledby="import-title" data-testid="import">
      <h2 id="import-title">Import cards</h2>
      <form className="stack" onSubmit={submit}>
        <div className="field">
          <label htmlFor={id}>
            File <span className="dim">CSV, TSV, text, .apkg or .json</span>
          </label>
          <input
            id={id}
            type="file"
            required
            accept=".csv,.tsv,.txt,.apkg,.json,text/csv,text/plain,text/tab-separated-values,application/json"
            onChange={({ target }) => choose(target.files?.[0] ?? null)}
          />
        </div>
        <Choice label="It is" value={format} options={FORMATS} onChoose={setFormat} />
        {format !== 'json' && (
          <Choice
            label="Questions become"
            hint="where nothing says it"
            value={become}
            options={BECOME}
            onChoose={setBecome}
          />
        )}
        <Trouble words={trouble} />
        <div className="row">
          <button type="submit" disabled={isBusy}>
            {isBusy ? 'Importing …' : 'Import'}
          </button>
        </div>
      </form>
      {report !== null && <Report report={report} />}
    </section>
  )
}

const SHOWN = 50

function Report({ report: { added, errors } }: { report: ImportReport }) {
  const rows = errors.length === 1 ? 'One row was' : `${errors.length} rows were`
  return (
    <div className="stack" role="status" data-testid="report">
      <p>
        {added.length === 1 ? 'One card is' : `${added.length} cards are`} in the deck now.{' '}
        {errors.length > 0 && `${rows} left out:`}
      </p>
      {errors.length > 0 && (
        <table className="report">
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col">What is wrong</th>
            </tr>
          </thead>
          <tbody>
            {errors.slice(0, SHOWN).map(({ row, why }, at) => (
              <tr key={at}>
                <td>{row}</td>
                <td>{why}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {errors.length > SHOWN && <p className="dim">… and {errors.length - SHOWN} more.</p>}
    </div>
  )
}
