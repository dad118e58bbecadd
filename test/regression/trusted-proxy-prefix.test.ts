import { expect, test } from 'bun:test'
import { parseEnv } from '../../server/env.ts'

// Number('') is 0, and a /0 is everybody: whoever sent an X-Forwarded-For was believed.
test('a range without its prefix length is refused at the start, by the variable`s name', () => {
  for (const range of ['10.0.0.0/', '10.0.0.0/ ', '10.0.0.0/1e1', '10.0.0.0/99'])
    expect(() => parseEnv({ TRUSTED_PROXIES: range })).toThrow('Environment variable TRUSTED_PROXIES')
})
