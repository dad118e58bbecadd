import { describe, expect, test } from 'bun:test'
import { idempotencyKeySchema, idSchema, nameSchema, sdpSchema, waitSchema } from '../../shared/ids.ts'
import { LIMITS } from '../../shared/limits.ts'

const takes = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success

describe('a name', () => {
  test.each(['a', 'Müller’s room', '日本語', '👩‍👩‍👧', ' padded ', 'a/b?c#d', '$where', '__proto__', 'x'.repeat(128)])(
    'may be %p',
    (name) => {
      expect(takes(nameSchema, name)).toBe(true)
    },
  )

  test.each([
    ['empty', ''],
    ['blank', ' \u00a0\u3000'],
    ['too long', 'x'.repeat(129)],
    ['with NUL', 'a\u0000'],
    ['with an escape sequence', '\u001b[31m'],
    ['with a line feed', 'a\nb'],
    ['with DEL', 'a\u007f'],
    ['with a C1 control', 'a\u0085b'],
    ['with a line separator', 'a\u2028b'],
    ['with a paragraph separator', 'a\u2029b'],
    ['with half a surrogate pair', 'a\ud83d'],
    ['a number', 7],
    ['an object', { $gt: '' }],
  ])('is never %s', (_, name) => {
    expect(takes(nameSchema, name)).toBe(false)
  })
})

test('a session description may have line ends, up to its limit, but no broken unicode', () => {
  expect(takes(sdpSchema, 'v=0\r\no=-\r\n')).toBe(true)
  expect(takes(sdpSchema, 'x'.repeat(LIMITS.sdpChars))).toBe(true)
  for (const wrong of ['', 'x'.repeat(LIMITS.sdpChars + 1), 'v=0\ud800', 7]) expect(takes(sdpSchema, wrong)).toBe(false)
})

test('an id is 128 bits of base64url', () => {
  expect(takes(idSchema, 'AZaz09_-AZaz09_-AZaz09')).toBe(true)
  for (const wrong of ['short', 'A'.repeat(23), `${'A'.repeat(21)}=`, `${'A'.repeat(21)}\n`, `${'A'.repeat(22)}\n`])
    expect(takes(idSchema, wrong)).toBe(false)
})

test('an Idempotency-Key is 16 to 128 characters that any header can carry', () => {
  expect(takes(idempotencyKeySchema, crypto.randomUUID())).toBe(true)
  for (const wrong of [
    'x'.repeat(15),
    'x'.repeat(129),
    'has spaces in it ok',
    `${'x'.repeat(20)}\n`,
    'ünïcode-ünïcode-',
  ])
    expect(takes(idempotencyKeySchema, wrong)).toBe(false)
})

test('a wait is whole milliseconds, up to ten minutes', () => {
  for (const right of [0, 1, 600_000]) expect(takes(waitSchema, right)).toBe(true)
  for (const wrong of [-1, 1.5, 600_001, '5', Number.NaN, Number.POSITIVE_INFINITY])
    expect(takes(waitSchema, wrong)).toBe(false)
})
