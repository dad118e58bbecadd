import { BlockList, isIP } from 'node:net'

/** The list of trusted proxies (addresses or CIDR ranges); throws on one that is neither. */
export function trustedProxies(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    const bits = isIP(address) === 6 ? 128 : 32
    if (isIP(address) === 0 || (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)))
      throw new Error(`Environment variable TRUSTED_PROXIES: ${range} is no address or range`)
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return list
}

/** Without a port, which some proxies add, and without the mapping of IPv4 into IPv6. */
const bare = (hop: string) =>
  hop
    .trim()
    .replace(/^\[(.*)\](:\d+)?$|^([\d.]+):\d+$/, '$1$3')
    .replace(/^::ffff:(?=\d+\.)/i, '')

const isTrusted = (address: string, trusted: BlockList) =>
  isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** The client's address: the last hop of X-Forwarded-For that is no proxy of ours; anything left of it may be forged. */
export function clientAddress(peer: string | null, forwarded: string | null, trusted: BlockList): string | null {
  if (peer === null) return null
  const hops = [...(forwarded ?? '').split(','), peer].map(bare)
  for (const hop of hops.toReversed()) {
    if (isIP(hop) === 0) break
    if (!isTrusted(hop, trusted)) return hop
  }
  return bare(peer)
}

/** What a rate limit counts by: an IPv4 address, or an IPv6 /64, since one host owns all of that. */
export function limitKey(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  const network = [...left, ...zeros, ...right].slice(0, 4).map((part) => Number.parseInt(part, 16).toString(16))
  return `${network.join(':')}::/64`
}
