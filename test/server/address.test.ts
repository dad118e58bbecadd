import { describe, expect, test } from 'bun:test'
import { clientAddress, limitKey, trustedProxies } from '../../server/address.ts'

const trusted = trustedProxies(['10.0.0.0/8', '192.0.2.7', 'fd00::/8'])

describe('the client`s address', () => {
  test.each([
    ['no proxy: the peer', '203.0.113.5', null, '203.0.113.5'],
    ['a stranger`s header is not believed', '203.0.113.5', '198.51.100.9', '203.0.113.5'],
    ['our proxy`s is', '10.1.2.3', '198.51.100.9', '198.51.100.9'],
    ['only its last hop: what is left of it may be forged', '10.1.2.3', '1.1.1.1, 198.51.100.9', '198.51.100.9'],
    ['past a chain of our proxies', '10.1.2.3', '1.1.1.1, 198.51.100.9, 192.0.2.7, 10.9.9.9', '198.51.100.9'],
    ['rubbish right before our proxy: the proxy itself', '10.1.2.3', '198.51.100.9, unknown', '10.1.2.3'],
    ['an empty header', '10.1.2.3', '', '10.1.2.3'],
    ['nothing but our proxies', '10.1.2.3', '10.4.4.4', '10.1.2.3'],
    ['IPv4 mapped into IPv6, as Bun gives it', '::ffff:10.1.2.3', '198.51.100.9', '198.51.100.9'],
    ['a proxy that adds the port', '10.1.2.3', '198.51.100.9:5123', '198.51.100.9'],
    ['the same for IPv6', 'fd00::1', '[2001:db8::5]:443', '2001:db8::5'],
  ])('%s', (_, peer, forwarded, expected) => {
    expect(clientAddress(peer, forwarded, trusted)).toBe(expected)
  })

  test('is unknown for a call in process', () => {
    expect(clientAddress(null, '198.51.100.9', trusted)).toBeNull()
  })
})

describe('what a limit counts by', () => {
  test.each([
    ['198.51.100.9', '198.51.100.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::ffff', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s counts as %s', (address, key) => {
    expect(limitKey(address)).toBe(key)
  })
})

describe('the list of trusted proxies', () => {
  test.each(['proxy.example', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/x', '10.0.0.0/-1', 'fd00::/129', '/8'])(
    'refuses %s and names the variable',
    (range) => {
      expect(() => trustedProxies([range])).toThrow(
        `Environment variable TRUSTED_PROXIES: ${range} is no address or range`,
      )
    },
  )
})
