import { LIMITS } from '../limits.ts'
import { clozesOf, isCloze } from './cloze.ts'
import { htmlToText } from './html.ts'
import type { Candidate, Imported, RowError } from './report.ts'
import { takeCards } from './report.ts'

/** A note: what Anki keeps, of which cards are made. A line of an Anki text file is one, a row of an .apkg's `notes` another. */
export interface Note {
  /** For errors: which row or note of the source it is. */
  row: number
  /** First the front, then the back; whatever follows becomes the explanation. */
  fields: readonly string[]
  tags: readonly string[]
}

export interface NotesOptions {
  /** What the fields are written in. A collection's are always HTML. */
  markup: 'html' | 'text'
  /** What is made of front and back: a card to grade oneself, or one whose back is typed. */
  as: 'flash-card' | 'typed'
  /** Of rows that made no note. */
  errors?: readonly RowError[]
}

const FRONT = ['front', 'question', 'prompt', 'term', 'text']
const BACK = ['back', 'answer', 'definition']

/** Fields by their places, front and back before the others: by their names (in lower case) where they have such, else as they stand. */
export function sidesFirst(fields: readonly number[], names: readonly string[]): number[] {
  const isNamed = (list: readonly string[]) => (field: number) => list.includes(names[field] ?? '')
  const front = fields.find(isNamed(FRONT)) ?? fields.find((field) => !isNamed(BACK)(field))
  const back = fields.find(isNamed(BACK)) ?? fields.find((field) => field !== front)
  const sides = [front, back].filter((field) => field !== undefined)
  return [...sides, ...fields.filter((field) => !sides.includes(field))]
}

/** The text of each of its gaps' cards is nearly as long: there is no use in making hundreds that are all too long. */
const LONGEST_CLOZE = 4 * LIMITS.deck.promptChars

/** Cards of notes; a note whose front has cloze gaps makes a card for each number of gap. */
export function cardsOfNotes(notes: readonly Note[], { markup, as, errors = [] }: NotesOptions): Imported {
  // One after the other: nothing is made of the notes after the last card that a deck holds.
  function* candidates() {
    for (const note of notes) {
      const fields = note.fields.map((field) => (markup === 'html' ? htmlToText(field) : field))
      yield* candidatesOf({ ...note, fields }, as)
    }
  }
  return takeCards(candidates(), errors)
}

function candidatesOf({ row, fields, tags }: Note, as: NotesOptions['as']): Candidate[] {
  const [front = '', back = '', ...rest] = fields
  const ofSides = (prompt: string, answer: string, more: readonly string[]): Candidate => {
    const explanation = more.filter((field) => field.trim() !== '').join('\n')
    return { row, card: { prompt, explanation, tags: [...new Set(tags)], ...answerPart(answer, as) } }
  }
  if (front.length > LONGEST_CLOZE || !isCloze(front)) return [ofSides(front, back, rest)]
  return clozesOf(front).map(({ prompt, answer }) => ofSides(prompt, answer, [back, ...rest]))
}

/** What is typed is one line. */
const answerPart = (answer: string, as: NotesOptions['as']) =>
  as === 'typed' ? { type: as, accepted: [answer.replaceAll(/\s+/g, ' ')] } : { type: as, back: answer }
