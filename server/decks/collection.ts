import { z } from 'zod'
import { type Note, sidesFirst } from '../../shared/deck/notes.ts'
import type { RowError } from '../../shared/deck/report.ts'
import { jsonDepth } from '../../shared/json.ts'
import { LIMITS } from '../../shared/limits.ts'
import { openSqlite } from './sqlite.ts'
import type { SqlValue } from './sqlite-cells.ts'

const { importRows, importRowChars, importChars } = LIMITS.deck
/** A character is up to four bytes; the rest is for a note's other fields. */
const NOTE_BYTES = 4 * importRowChars + 1_024
/** Of all kinds of notes with their templates and styles. */
const MODELS_BYTES = 8 * 1_024 * 1_024
const MODELS_DEPTH = 16
/** Of all tables that are looked at, together: notes past the limit are no longer. */
const ROWS = 20_000
const FIELD_END = '\x1f'

/** Names of the fields of each kind of note, in lower case. */
type FieldNames = Map<string, string[]>

const modelsSchema = z.record(
  z.string(),
  z.object({ flds: z.array(z.object({ name: z.string(), ord: z.int().min(0).max(1_000) })).max(1_000) }),
)

/**
 * The notes of an Anki collection, of schema 11 (kinds of notes as JSON in `col`) or 18 (in tables). Bounds are those of an import of
 * text. Error: deck-unreadable.
 */
export function notesOf(file: Buffer): { notes: Note[]; errors: RowError[] } {
  const names = fieldNames(file)
  const notes: Note[] = []
  const errors: RowError[] = []
  let row = 0
  let chars = 0
  for (const { fields } of openSqlite(file, { recordBytes: NOTE_BYTES, rows: ROWS }).table('notes')) {
    row++
    const note = fields === null ? null : noteOf(fields, row, names)
    chars += note?.fields.reduce((sum, field) => sum + field.length, 0) ?? 0
    if (row > importRows || chars > importChars) {
      const why = `the limits are ${importRows} notes and ${importChars} characters`
      errors.push({ row, rule: 'too-many-rows', why })
      break
    }
    if (note !== null) notes.push(note)
    else errors.push({ row, rule: 'row-unreadable', why: `the note is over ${importRowChars} characters, or is none` })
  }
  return { notes, errors }
}

/** notes(id, guid, mid, mod, usn, tags, flds, …), in all schemas. */
function noteOf(record: readonly SqlValue[], row: number, names: FieldNames): Note | null {
  const [, , kind, , , tags, text] = record
  if (typeof text !== 'string' || typeof tags !== 'string') return null
  const fields = text.split(FIELD_END, LIMITS.deck.importCells)
  const places = sidesFirst([...fields.keys()], names.get(String(kind)) ?? [])
  return {
    row,
    fields: places.map((place) => fields[place] ?? ''),
    tags: tags.split(/\s+/).filter((tag) => tag !== ''),
  }
}

function fieldNames(file: Buffer): FieldNames {
  const collection = openSqlite(file, { recordBytes: MODELS_BYTES, rows: ROWS })
  const names: FieldNames = new Map()
  const add = (kind: string, place: number, name: string) => {
    const known = names.get(kind) ?? []
    if (place < LIMITS.deck.importCells) known[place] = name.trim().toLowerCase()
    names.set(kind, known)
  }
  // col(id, crt, mod, scm, ver, dty, usn, ls, conf, models, …)
  for (const { fields } of collection.table('col'))
    for (const [kind, { flds }] of Object.entries(modelsIn(fields?.[9])))
      for (const { name, ord } of flds) add(kind, ord, name)
  // fields(ntid, ord, name, …)
  for (const { fields } of collection.table('fields')) {
    const [kind, place, name] = fields ?? []
    if (typeof place === 'number' && typeof name === 'string') add(String(kind), place, name)
  }
  return names
}

/** None where they cannot be read: names only help to tell a note's front from its back. */
function modelsIn(text: SqlValue | undefined): z.output<typeof modelsSchema> {
  if (typeof text !== 'string' || jsonDepth(text) > MODELS_DEPTH) return {}
  try {
    return modelsSchema.safeParse(JSON.parse(text)).data ?? {}
  } catch {
    return {}
  }
}
