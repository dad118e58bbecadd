import type { FoyerClient } from '../../../../index.ts'
import { Trouble } from '../../parts/trouble.tsx'
import { useAct } from '../use-act.ts'

export interface ResultsProps {
  client: FoyerClient
  room: string
  round: number
}

/** A round's results as a file for spreadsheets. */
export function Results({ client, room, round }: ResultsProps) {
  const { isBusy, trouble, act } = useAct()
  const download = () =>
    act(async () => {
      const { csv } = await client.quiz.results.query({ room, round })
      save(`quiz-round-${round}.csv`, csv)
    })
  return (
    <div className="row">
      <button type="button" onClick={() => void download()} disabled={isBusy}>
        Download results (CSV)
      </button>
      <Trouble words={trouble} />
    </div>
  )
}

/** How long the browser may take to begin with the download. */
const KEPT_MS = 10_000

function save(name: string, text: string): void {
  // The mark tells spreadsheets that it is UTF-8.
  const url = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS)
}
