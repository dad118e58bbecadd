import { z } from 'zod'

/** One line of the drawing: x and y by turns, in units of the drawing's own 1000 x 625. */
export const strokeSchema = z.object({ id: z.string(), ink: z.number(), points: z.array(z.number()) })
export const rowSchema = z.object({ id: z.string(), task: z.string(), who: z.string(), due: z.string() })

/** What a board's room holds. `people`: names by user id, so that who is away has a name, too. */
export const boardSchema = z.object({
  strokes: z.array(strokeSchema),
  rows: z.array(rowSchema),
  count: z.number(),
  people: z.record(z.string(), z.string()),
})

export type BoardSchema = typeof boardSchema
export type Board = z.infer<BoardSchema>
export type Stroke = z.infer<typeof strokeSchema>
export type Row = z.infer<typeof rowSchema>
export type Column = Exclude<keyof Row, 'id'>

export const EMPTY: Board = { strokes: [], rows: [], count: 0, people: {} }

/** The server holds them, whoever counts at the same time. */
export const BOUNDS = { min: 0, max: 999 } as const

/** What each page shows of its person while it is open: never stored. */
export const hereSchema = z.object({
  name: z.string(),
  ink: z.number(),
  /** Where the pen is over the drawing. */
  at: z.tuple([z.number(), z.number()]).nullable(),
  /** The line that is being drawn. */
  line: strokeSchema.nullable(),
})
export type Here = z.infer<typeof hereSchema>

/** The pens, by what is stored: a place in this list. */
export const INKS = ['Black', 'Green', 'Blue', 'Red', 'Orange', 'Violet'] as const
export const inkClass = (ink: number): string => `ink-${Math.abs(Math.trunc(ink)) % INKS.length}`
