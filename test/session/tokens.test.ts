import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { forged, openSessions, ruleOf } from '../kit/session.ts'

const { url, db } = useDatabase(import.meta.path)

type Caller = Awaited<ReturnType<Awaited<ReturnType<typeof openSessions>>['pair']>>['alice']
type Who = 'host' | 'client'

const first = async (events: AsyncIterable<unknown>) => {
  for await (const event of events) return event
}
const ofBob = (who: Who) => (who === 'host' ? { client: 'Bob' } : {})

/** Each procedure that takes a secret, as its caller calls it in a session with a client called Bob. */
const PROCEDURES: Record<string, { by: Who[]; call: (caller: Caller, who: Who) => Promise<unknown> }> = {
  requests: { by: ['host'], call: (caller) => caller.requests({}) },
  decline: { by: ['host'], call: (caller) => caller.decline({ client: 'Bob' }) },
  drop: { by: ['host'], call: (caller) => caller.drop({ client: 'Bob' }) },
  close: { by: ['host'], call: (caller) => caller.close() },
  leave: { by: ['client'], call: (caller) => caller.leave() },
  answer: {
    by: ['host', 'client'],
    call: (caller, who) => caller.answer({ ...ofBob(who), generation: 1, answer: 'a' }),
  },
  restart: {
    by: ['host', 'client'],
    call: (caller, who) => caller.restart({ ...ofBob(who), generation: 2, offer: 'o' }),
  },
  sendCandidates: {
    by: ['host', 'client'],
    call: (caller, who) => caller.sendCandidates({ ...ofBob(who), generation: 1, candidates: [], end: true }),
  },
  candidates: { by: ['host', 'client'], call: (caller, who) => caller.candidates({ ...ofBob(who) }) },
  connected: { by: ['host', 'client'], call: (caller, who) => caller.connected({ ...ofBob(who) }) },
  events: { by: ['host', 'client'], call: async (caller) => first(await caller.events({})) },
}

for (const [procedure, { by, call }] of Object.entries(PROCEDURES)) {
  describe(`session.${procedure}`, () => {
    test('wrong-secret: none, a malformed, a forged one, one of an epoch to come', async () => {
      await using kit = await openSessions({ url })
      for (const who of by) {
        const { aliceSecret, bobSecret } = await kit.pair(`${procedure} ${who} forged`)
        const token = who === 'host' ? aliceSecret : bobSecret
        for (const bearer of [null, 'nonsense', forged(token), token.replace(/0$/, '1')])
          expect(await ruleOf(call(kit.as(bearer), who))).toBe('wrong-secret')
      }
    })

    test('superseded: a newer tab has the secret', async () => {
      await using kit = await openSessions({ url })
      for (const who of by) {
        const { aliceSecret, bobSecret, name } = await kit.pair(`${procedure} ${who} old`)
        if (who === 'host') await kit.as(aliceSecret).host({ hostName: 'Alice' })
        else await kit.as(bobSecret).join({ name, clientName: 'Bob', offer: 'o2' })
        expect(await ruleOf(call(kit.as(who === 'host' ? aliceSecret : bobSecret), who))).toBe('superseded')
      }
    })

    test('session-gone: the session is past its revival, whether TTL has removed it or not', async () => {
      await using kit = await openSessions({ url })
      for (const who of by) {
        const { alice, bob, name } = await kit.pair(`${procedure} ${who} gone`)
        const over = { expiresAt: new Date(Date.now() - 2), purgeAt: new Date(Date.now() - 1) }
        await db.collection('sessions').updateOne({ name }, { $set: over })
        expect(await ruleOf(call(who === 'host' ? alice : bob, who))).toBe('session-gone')
      }
    })

    if (by.includes('host') && by.length === 1)
      test('wrong-secret: a client`s token', async () => {
        await using kit = await openSessions({ url })
        const { bob } = await kit.pair(`${procedure} role`)
        expect(await ruleOf(call(bob, 'host'))).toBe('wrong-secret')
      })

    if (by.includes('client'))
      test('seat-gone: the client`s seat expired before it was connected', async () => {
        await using kit = await openSessions({ url })
        const { alice, bob } = await kit.pair(`${procedure} expired`)
        const over = { expiresAt: new Date(Date.now() - 2), purgeAt: new Date(Date.now() - 1) }
        await db.collection('seats').updateMany({}, { $set: over })
        expect(await ruleOf(call(bob, 'client'))).toBe('seat-gone')
        // Its host still reads the offer that it had sent.
        const reads = procedure === 'events' || procedure === 'candidates'
        if (by.includes('host')) expect(await ruleOf(call(alice, 'host'))).toBe(reads ? 'ok' : 'seat-gone')
      })
  })
}

test('session.leave wrong-secret: the host`s token', async () => {
  await using kit = await openSessions({ url })
  const { alice } = await kit.pair('leave role')
  expect(await ruleOf(alice.leave())).toBe('wrong-secret')
})
