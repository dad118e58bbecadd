import { describe, expect, test } from 'bun:test'
import { type FriendAction, newsOf, type Pair, STRANGERS, statusFor, stepPair } from '../../shared/friend/pair.ts'
import { RuleError } from '../../shared/rules.ts'

type Turn = readonly [actor: 'a' | 'b', action: FriendAction]
const other = (actor: 'a' | 'b') => (actor === 'a' ? 'b' : 'a')
const step = (pair: Pair, [actor, action]: Turn) => stepPair(pair, { actor, other: other(actor), action })

/** What comes of turns, and the rules of those that were refused. */
function after(...turns: Turn[]) {
  let pair = STRANGERS
  const refused: string[] = []
  for (const turn of turns) {
    const next = step(pair, turn)
    if (next instanceof RuleError) refused.push(next.rule)
    else pair = next
  }
  return { a: statusFor(pair, 'a'), b: statusFor(pair, 'b'), refused }
}

describe('friends', () => {
  test.each<[string, Turn[], ReturnType<typeof after>]>([
    ['a request', [['a', 'request']], { a: 'requested', b: 'incoming', refused: [] }],
    [
      'accepted',
      [
        ['a', 'request'],
        ['b', 'accept'],
      ],
      { a: 'friends', b: 'friends', refused: [] },
    ],
    [
      'not by who asked',
      [
        ['a', 'request'],
        ['a', 'accept'],
      ],
      { a: 'requested', b: 'incoming', refused: ['no-request'] },
    ],
    ['without a request', [['b', 'accept']], { a: 'none', b: 'none', refused: ['no-request'] }],
    [
      'requests that cross',
      [
        ['a', 'request'],
        ['b', 'request'],
      ],
      { a: 'friends', b: 'friends', refused: [] },
    ],
    [
      'declined',
      [
        ['a', 'request'],
        ['b', 'decline'],
      ],
      { a: 'none', b: 'none', refused: [] },
    ],
    [
      'declined twice',
      [
        ['a', 'request'],
        ['b', 'decline'],
        ['b', 'decline'],
      ],
      { a: 'none', b: 'none', refused: [] },
    ],
    [
      'declined too late',
      [
        ['a', 'request'],
        ['b', 'accept'],
        ['b', 'decline'],
      ],
      { a: 'friends', b: 'friends', refused: ['no-request'] },
    ],
    [
      'taken back',
      [
        ['a', 'request'],
        ['a', 'remove'],
      ],
      { a: 'none', b: 'none', refused: [] },
    ],
    [
      'not taken back by the other',
      [
        ['a', 'request'],
        ['b', 'remove'],
      ],
      { a: 'requested', b: 'incoming', refused: [] },
    ],
    [
      'taken back, then accepted',
      [
        ['a', 'request'],
        ['a', 'remove'],
        ['b', 'accept'],
      ],
      { a: 'none', b: 'none', refused: ['no-request'] },
    ],
    [
      'removed',
      [
        ['a', 'request'],
        ['b', 'accept'],
        ['b', 'remove'],
      ],
      { a: 'none', b: 'none', refused: [] },
    ],
    [
      'asked after a refusal',
      [
        ['a', 'request'],
        ['b', 'decline'],
        ['a', 'request'],
      ],
      { a: 'requested', b: 'incoming', refused: [] },
    ],
    [
      'blocked friends',
      [
        ['a', 'request'],
        ['b', 'accept'],
        ['a', 'block'],
      ],
      { a: 'blocked', b: 'none', refused: [] },
    ],
    [
      'a block over a request',
      [
        ['a', 'request'],
        ['b', 'block'],
      ],
      { a: 'none', b: 'blocked', refused: [] },
    ],
    [
      'a block crosses an acceptance',
      [
        ['a', 'request'],
        ['a', 'block'],
        ['b', 'accept'],
      ],
      { a: 'blocked', b: 'none', refused: ['no-request'] },
    ],
    [
      'a request of who is blocked',
      [
        ['a', 'block'],
        ['b', 'request'],
      ],
      { a: 'blocked', b: 'none', refused: ['friend-refused'] },
    ],
    [
      'a request of who blocks',
      [
        ['a', 'block'],
        ['a', 'request'],
      ],
      { a: 'blocked', b: 'none', refused: ['friend-blocked'] },
    ],
    [
      'both block',
      [
        ['a', 'block'],
        ['b', 'block'],
        ['a', 'unblock'],
        ['a', 'request'],
      ],
      { a: 'none', b: 'blocked', refused: ['friend-refused'] },
    ],
    [
      'unblocked',
      [
        ['a', 'block'],
        ['a', 'unblock'],
        ['b', 'request'],
      ],
      { a: 'incoming', b: 'requested', refused: [] },
    ],
  ])('%s', (_, turns, expected) => {
    expect(after(...turns)).toEqual(expected)
  })

  test('nobody is a friend of oneself', () => {
    const alone = stepPair(STRANGERS, { actor: 'a', other: 'a', action: 'request' })
    expect(alone).toMatchObject({ rule: 'forbidden' })
  })

  test('every action is idempotent, and a repeat is the same pair', () => {
    const actions = ['request', 'accept', 'decline', 'remove', 'block', 'unblock'] as const
    const turns = actions.flatMap((action): Turn[] => [
      ['a', action],
      ['b', action],
    ])
    const seen = new Map<string, Pair>([[JSON.stringify(STRANGERS), STRANGERS]])
    for (const pair of seen.values())
      for (const turn of turns) {
        const once = step(pair, turn)
        if (once instanceof RuleError) continue
        expect(step(once, turn)).toBe(once)
        seen.set(JSON.stringify(once), once)
      }
    // Nothing, a request or friendship of either side, and the blocks: no other state can be reached.
    expect(seen.size).toBe(9)
    for (const pair of seen.values()) if (pair.blockers.length > 0) expect(pair.status).toBe('none')
    expect([...seen.values()].map(newsOf).filter((news) => news !== null)).toHaveLength(4)
  })
})
