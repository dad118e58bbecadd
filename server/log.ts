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

/** JSON lines on stdout. `redact` is the second fence: code does not log these fields in the first place. */
export const createLog = (name: string, level: string) =>
  pino({
    name,
    level,
    base: { name },
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[secret]' },
  })
export type Log = ReturnType<typeof createLog>
