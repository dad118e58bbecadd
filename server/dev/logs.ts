import { z } from 'zod'

const LEVELS: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' }
const COLOURS: Record<number, number> = { 40: 33, 50: 31, 60: 31 }
const DIM = 2

const Cause = z.looseObject({ message: z.string().optional(), stack: z.string().optional() })

const LogLine = z.looseObject({
  level: z.number(),
  time: z.union([z.number(), z.string()]).optional(),
  msg: z.string().optional(),
  err: Cause.optional(),
})

/** The fields of a pino line, or nothing when the line is plain text. */
const parseLog = (line: string) => {
  if (!line.startsWith('{')) return undefined
  try {
    return LogLine.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

/** The address that a process announces with its `listening` line; nothing for any other line. */
export const listeningUrl = (line: string): string | undefined => {
  const log = parseLog(line)
  return log?.msg === 'listening' && typeof log.url === 'string' ? log.url : undefined
}

/** A JSON log line made short for people: time, level, message, the other fields as key=value. Plain text stays as it is. */
export const prettyLine = (line: string, paint: Paint): string => {
  const log = parseLog(line)
  if (!log) return line
  const { level, time, msg = '', err, pid: _pid, hostname: _hostname, name: _name, ...fields } = log
  const clock = time === undefined ? '' : paint(new Date(time).toISOString().slice(11, 23), DIM)
  const rest = Object.entries(fields).map(([name, value]) => `${paint(`${name}=`, DIM)}${show(value)}`)
  const head = [clock, paint((LEVELS[level] ?? `${level}`).padEnd(5), COLOURS[level]), msg, ...rest]
  const trace = err ? (err.stack ?? err.message ?? '').split('\n').map((part) => `    ${part}`) : []
  return [head.filter((part) => part !== '').join(' '), ...trace].join('\n')
}

/** Puts a terminal colour (SGR code) around a text, or not. */
export type Paint = (text: string, code: number | undefined) => string

/** Colours for a terminal that wants them. */
export const painter = (wanted: boolean): Paint =>
  wanted ? (text, code) => (code === undefined ? text : `\u001b[${code}m${text}\u001b[0m`) : (text) => text

const show = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : (JSON.stringify(value) ?? 'undefined')
