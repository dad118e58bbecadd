import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { candidate, newKey, openSessions, ruleOf, type SessionKit } from '../kit/session.ts'

const { url } = useDatabase(import.meta.path)

type Caller = ReturnType<SessionKit['as']>
interface Story {
  name: string
  alice: string | null
  bob: string | null
}
interface Step {
  who: 'alice' | 'bob'
  does: string
  call: (caller: Caller, story: Story) => Promise<unknown>
}

const bobs = { client: 'Bob' }
const batch = (generation: number, ...texts: string[]) => ({ generation, candidates: texts.map(candidate) })
const opened = (who: 'alice' | 'bob', story: Story) => async (reply: Promise<{ secret: string }>) => {
  const { secret } = await reply
  story[who] = secret
  return secret
}

/** A whole session: handshake, ICE restart, reload of the client. Every call is one that may be lost. */
const STEPS: Step[] = [
  {
    who: 'alice',
    does: 'host',
    call: (caller, story) => opened('alice', story)(caller.host({ name: story.name, hostName: 'Alice' })),
  },
  {
    who: 'bob',
    does: 'join',
    call: (caller, story) => opened('bob', story)(caller.join({ name: story.name, clientName: 'Bob', offer: 'o1' })),
  },
  { who: 'bob', does: 'early candidates', call: (caller) => caller.sendCandidates(batch(1, 'b1', 'b2')) },
  { who: 'alice', does: 'answer', call: (caller) => caller.answer({ ...bobs, generation: 1, answer: 'a1' }) },
  { who: 'alice', does: 'candidates', call: (caller) => caller.sendCandidates({ ...bobs, ...batch(1, 'a1', 'a2') }) },
  { who: 'bob', does: 'last candidates', call: (caller) => caller.sendCandidates({ ...batch(1, 'b3'), end: true }) },
  { who: 'alice', does: 'end', call: (caller) => caller.sendCandidates({ ...bobs, ...batch(1), end: true }) },
  { who: 'bob', does: 'connected', call: (caller) => caller.connected({ generation: 1 }) },
  { who: 'alice', does: 'connected', call: (caller) => caller.connected({ ...bobs, generation: 1 }) },
  { who: 'alice', does: 'restart', call: (caller) => caller.restart({ ...bobs, generation: 2, offer: 'o2' }) },
  { who: 'bob', does: 'answer of the restart', call: (caller) => caller.answer({ generation: 2, answer: 'a2' }) },
  { who: 'bob', does: 'candidates of the restart', call: (caller) => caller.sendCandidates(batch(2, 'b4')) },
  {
    who: 'bob',
    does: 'reload',
    call: (caller, story) => opened('bob', story)(caller.join({ name: story.name, clientName: 'Bob', offer: 'o3' })),
  },
  {
    who: 'alice',
    does: 'answer of the reload',
    call: (caller) => caller.answer({ ...bobs, generation: 3, answer: 'a3' }),
  },
  {
    who: 'alice',
    does: 'reload',
    call: (caller, story) => opened('alice', story)(caller.host({ name: story.name, hostName: 'Alice' })),
  },
  { who: 'bob', does: 'candidates after the reloads', call: (caller) => caller.sendCandidates(batch(3, 'b5')) },
  {
    who: 'alice',
    does: 'candidates after the reloads',
    call: (caller) => caller.sendCandidates({ ...bobs, ...batch(3, 'a3') }),
  },
]

const ENDS: Step[] = [
  { who: 'alice', does: 'drop', call: (caller) => caller.drop({ ...bobs, reason: 'r' }) },
  { who: 'alice', does: 'decline', call: (caller) => caller.decline({ ...bobs, reason: 'r' }) },
  { who: 'bob', does: 'leave', call: (caller) => caller.leave() },
  { who: 'alice', does: 'close', call: (caller) => caller.close() },
]

/** Plays the story. `twice`: the reply of that step is lost, so it is called again; `late`: and again at the end of its tab. */
async function play(kit: SessionKit, { name, twice, late }: { name: string; twice?: Step; late?: Step }) {
  const story: Story = { name, alice: null, bob: null }
  let again: (() => Promise<unknown>) | null = null
  for (const step of STEPS) {
    // Its new tab would only hear that the old one is superseded.
    if (step.does === 'reload' && step.who === late?.who) {
      await again?.()
      again = null
    }
    const caller = kit.as(story[step.who], { key: newKey() })
    const once = () => step.call(caller, story)
    const reply = await once()
    if (step === twice) expect(await once()).toEqual(reply)
    if (step === late) again = async () => expect(await step.call(caller, { ...story })).toEqual(reply)
  }
  await again?.()
  const alice = await kit.as(story.alice).candidates(bobs)
  const bob = await kit.as(story.bob).candidates({})
  const queue = await kit.as(story.alice).requests({})
  return { story, heard: { alice: alice.signals, bob: bob.signals, queue: queue.requests } }
}

describe('a call whose reply was lost is repeated with its Idempotency-Key', () => {
  test('undisturbed, both sides hear all of the newest connection in order', async () => {
    await using kit = await openSessions({ url })
    const { heard } = await play(kit, { name: 'undisturbed' })
    expect(heard.alice.map((s) => ('generation' in s ? `${s.kind} ${s.generation}` : s.kind))).toEqual([
      'connected',
      'offer 3',
      'candidates 3',
    ])
    expect(heard.bob.map((s) => ('generation' in s ? `${s.kind} ${s.generation}` : s.kind))).toEqual([
      'connected',
      'answer 3',
      'candidates 3',
    ])
  })

  for (const step of STEPS)
    test(`${step.who}: ${step.does}: the same reply, at once and much later, and nothing heard twice`, async () => {
      await using kit = await openSessions({ url })
      const plain = await play(kit, { name: `plain ${step.who} ${step.does}` })
      const disturbed = await play(kit, { name: `lost ${step.who} ${step.does}`, twice: step, late: step })
      expect(disturbed.heard).toEqual(plain.heard)
    })

  for (const step of ENDS)
    test(`${step.who}: ${step.does}: a repeat succeeds, and the other side hears it once`, async () => {
      await using kit = await openSessions({ url })
      const { story } = await play(kit, { name: `end ${step.does}` })
      const caller = kit.as(story[step.who], { key: newKey() })
      expect(await ruleOf(step.call(caller, story))).toBe('ok')
      expect(await ruleOf(step.call(caller, story))).toBe('ok')
      const other = step.who === 'bob' ? kit.as(story.alice).candidates(bobs) : kit.as(story.bob).candidates({})
      const kinds = (await other).signals.map(({ kind }) => kind)
      const word = { drop: 'dropped', decline: 'declined', leave: 'left', close: 'closed' }[step.does]
      expect(kinds.filter((kind) => kind === word)).toHaveLength(1)
    })
})
