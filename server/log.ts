import pino from 'pino'

/** Fields that must never reach a log, wherever they stand one level deep: secrets, and SDP, which holds addresses. */
const SECRET_FIELDS = [
  'authorization',
  'key',
  'secret',
  'password',
  'token',
  'offer',
  'answer',
  'sdp',
  'candidates',
  'body',
]

/** Credentials in a URL: drivers and fetch name the address that failed. */
const scrubbed = (text: string) => text.replaceAll(/\/\/[^\s/@]+@/g, '//[secret]@')

interface LoggedError {
  type: string
  message: string
  code?: unknown
  stack?: string
  cause?: LoggedError
}

/** An error without its own properties: the driver's hold the documents that it could not write. */
export function loggedError(error: unknown, depth = 4): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error was thrown' }
  const { name, message, stack, cause } = error
  return {
    type: name,
    message: scrubbed(message),
    ...('code' in error ? { code: error.code } : {}),
    ...(stack === undefined ? {} : { stack: scrubbed(stack) }),
    ...(cause === undefined || depth === 0 ? {} : { cause: loggedError(cause, depth - 1) }),
  }
}

/** Synchronous: what is on its way at the exit would be lost, and the last line says why a process ended. */
const stdout = () => pino.destination({ dest: 1, sync: true })

/** JSON lines on stdout, or to `out`. `redact` is the second fence: code does not log these fields in the first place. */
export const createLog = (name: string, level: string, out: pino.DestinationStream = stdout()) =>
  pino(
    {
      name,
      level,
      base: { name },
      serializers: { err: loggedError },
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[secret]' },
    },
    out,
  )
/** Says where a process listens, at every LOG_LEVEL: supervisors and people wait for this line. */
export const announce = (log: Log, fields: { url: string }) =>
  log.child({}, { level: 'info' }).info(fields, 'listening')

export type Log = ReturnType<typeof createLog>
