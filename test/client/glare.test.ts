import { describe, expect, test } from 'bun:test'
import { talk } from '../kit/channel.ts'
import { until } from '../kit/until.ts'
import { pair } from './pair.ts'

const connected = async () => {
  const two = pair()
  await two.client.offer()
  const [one, other] = await two.channels
  await two.settled(1)
  const through = () =>
    until(() => [two.host, two.client].every(({ peer }) => peer.iceConnectionState === 'connected'), {
      what: 'ICE is connected',
    })
  return { ...two, through, talk: () => talk(one, other) }
}

describe('two offers at the same time', () => {
  test.each([
    ['host', 'client'],
    ['client', 'host'],
  ] as const)('the %s claims first: the %s gives way, and both have the same connection', async (first, second) => {
    const two = await connected()
    const release = two.wire.slow(second)
    await Promise.all([two[first].restart(), two[second].restart()])
    release()
    await until(() => two[second].generation() >= 2, { what: 'the second has the first`s offer' })
    await until(() => two.host.done() && two.client.done() && two.host.generation() === two.client.generation(), {
      what: 'both are answered',
    })
    await two.through()
    await two.talk()
    const offers = two.wire.sent.filter(({ signal }) => signal.kind === 'offer' && signal.generation === 2)
    expect(offers.map(({ from }) => from)).toEqual([first])
    expect(two.errors).toEqual([])
    await two.close()
  })

  test('the polite side answers an offer that meets its own at once; the impolite one waits until its claim is decided', async () => {
    for (const [late, early] of [
      ['client', 'host'],
      ['host', 'client'],
    ] as const) {
      const two = await connected()
      const release = two.wire.slow(late)
      await two[late].restart()
      await two[early].restart()
      await until(() => two.wire.delivered(late, 'offer', 2), { what: 'the other`s offer has come' })
      const yielded = late === 'client'
      if (yielded) await until(() => two[late].generation() === 2, { what: 'the polite one has given way' })
      expect(two[late].generation()).toBe(yielded ? 2 : 1)
      release()
      await until(() => two.host.done() && two.client.done(), { what: 'both are answered' })
      await two.through()
      await two.talk()
      await two.close()
    }
  })

  test('an answer that overtakes the reply to its claim counts as the reply', async () => {
    const two = await connected()
    const release = two.wire.slowReply('client')
    await two.client.restart()
    await two.settled(2)
    release()
    await two.through()
    await two.talk()
    expect(two.errors).toEqual([])
    await two.close()
  })
})
