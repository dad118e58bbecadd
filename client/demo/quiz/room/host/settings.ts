import { payloadSchema, type QuizPayload } from '../../../../../shared/quiz/settings.ts'

/** Scoring rules in words: half of the points for speed, all of them, none. */
export const SCORINGS = {
  'kahoot@1': 'Right and fast',
  'linear@1': 'The faster the better',
  'accuracy@1': 'Right only',
} as const
export const STREAK = 'streak@1'

export const paceWords = ({ pace }: Pick<QuizPayload, 'pace'>): string =>
  pace === 'own' ? 'It goes on by itself' : 'A host says when it goes on'

export function scoringWords({ scoring }: Pick<QuizPayload, 'scoring'>): string {
  const names = scoring.split('+')
  const words = Object.entries(SCORINGS).flatMap(([name, said]) => (names.includes(name) ? [said] : []))
  return [...words, ...(names.includes(STREAK) ? ['more for each right answer in a row'] : [])].join('; ')
}

export const LATE_JOINS: Readonly<Record<QuizPayload['lateJoin'], string>> = {
  now: 'Plays from then on',
  zero: 'Plays, with the rest missed',
  spectator: 'Looks on',
}

/** Fields of the form that are seconds. */
export const TIMES = ['questionMs', 'lobbyMs', 'revealMs', 'scoreboardMs', 'endMs'] as const
export type TimeField = (typeof TIMES)[number]

export const TIME_WORDS: Readonly<Record<TimeField, string>> = {
  questionMs: 'To answer, s',
  lobbyMs: 'Before the round, s',
  revealMs: 'To see the answer, s',
  scoreboardMs: 'To see the standings, s',
  endMs: 'At the end, s',
}

const SECOND = 1_000

/** What a form says, as a payload; null: it is none. What the form does not ask stays as it was. */
export function payloadIn(form: FormData, before: Partial<QuizPayload> = {}): QuizPayload | null {
  const text = (name: string) => String(form.get(name) ?? '')
  const times = TIMES.map((name) => [name, Math.round(Number(text(name)) * SECOND)] as const)
  const most = text('questions')
  const silent = text('silentAfter')
  return (
    payloadSchema.safeParse({
      ...before,
      deck: before.deck ?? text('deck'),
      pace: text('pace'),
      scoring: form.has('streak') ? `${text('scoring')}+${STREAK}` : text('scoring'),
      ...Object.fromEntries(times),
      lateJoin: text('lateJoin'),
      silentAfter: silent === '' ? null : Number(silent),
      shuffle: form.has('shuffle'),
      questions: most === '' ? undefined : Number(most),
    }).data ?? null
  )
}

/** What a form starts from. */
export const usual = (deck: string): QuizPayload => payloadSchema.parse({ deck })
