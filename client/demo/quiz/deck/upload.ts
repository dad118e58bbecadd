import { z } from 'zod'
import type { ImportReport, uploadDeckInput } from '../../../../shared/deck/schema.ts'
import { isRule } from '../../../../shared/rules.ts'
import { FoyerError, toFoyerError } from '../../../index.ts'

type Upload = z.input<typeof uploadDeckInput>
export type FileFormat = Upload['format']

export const FORMATS: Readonly<Record<FileFormat, string>> = {
  table: 'Table with column names',
  anki: 'Text from Anki, or fronts, backs',
  tab: 'Lines of term, tab, definition',
  apkg: 'Anki package (.apkg)',
  json: 'A deck exported as JSON',
}

const BY_END: Readonly<Record<string, FileFormat>> = {
  csv: 'table',
  tsv: 'table',
  txt: 'tab',
  apkg: 'apkg',
  colpkg: 'apkg',
  json: 'json',
}

/** What a file probably is, by how its name ends. */
export const formatOf = (name: string): FileFormat => BY_END[name.toLowerCase().replace(/^.*\./, '')] ?? 'table'

const problemSchema = z.object({ rule: z.string(), retryAfterMs: z.number().optional() })

/** Sends a file to the one route that takes files, since a procedure's call holds 64 KiB. Errors: the rule that the service gives. */
export async function upload(
  { file, token, ...input }: Upload & { file: File; token: string },
  { signal }: { signal: AbortSignal },
): Promise<ImportReport> {
  const query = new URLSearchParams(Object.entries(input).filter(([, value]) => value !== undefined))
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }
  const response = await fetch(`/decks/import?${query}`, { method: 'POST', body: file, headers, signal })
  const said: unknown = await response.json().catch((thrown: unknown) => {
    throw toFoyerError(thrown)
  })
  // edge: the service's own answer to this request
  if (response.ok) return said as ImportReport
  const problem = problemSchema.safeParse(said).data
  throw new FoyerError(isRule(problem?.rule) ? problem.rule : 'offline', { retryAfterMs: problem?.retryAfterMs })
}
