import { describe, expect, test } from 'bun:test'
import { FoyerError } from '../../client/index.ts'
import { span } from '../../client/demo/format.ts'
import { selectedPair, type StatsEntry } from '../../client/demo/parts/pair.ts'
import { foldSteps, type TakenStep } from '../../client/demo/parts/steps.ts'
import { evolve, OPENING } from '../../client/demo/session/host/view.ts'
import { decode, encode } from '../../client/demo/session/wire.ts'

describe('the demo site`s reading of getStats', () => {
  const entries: [string, StatsEntry][] = [
    ['L', { type: 'local-candidate', candidateType: 'host', protocol: 'udp', address: '10.0.0.1', port: 5_000 }],
    ['R', { type: 'remote-candidate', candidateType: 'relay', protocol: 'udp', address: 'fd00::2', port: 6_000 }],
    ['H', { type: 'remote-candidate', candidateType: 'prflx', protocol: 'udp', address: null, port: 7_000 }],
    ['P', { type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R', currentRoundTripTime: 0.012 }],
    [
      'Q',
      { type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'H', nominated: true, state: 'succeeded' },
    ],
  ]
  const local = { type: 'host', protocol: 'udp', address: '10.0.0.1:5000' }

  test('finds the pair that the transport has selected', () => {
    const report = new Map([...entries, ['T', { type: 'transport', selectedCandidatePairId: 'P' }]])
    const remote = { type: 'relay', protocol: 'udp', address: '[fd00::2]:6000' }
    expect(selectedPair(report)).toEqual({ local, remote, rttMs: 12 })
  })

  test('takes the nominated pair where there is no transport, and an address may be hidden', () => {
    const remote = { type: 'prflx', protocol: 'udp', address: null }
    expect(selectedPair(new Map(entries))).toEqual({ local, remote, rttMs: null })
  })

  test('finds none while there is none', () => {
    expect(selectedPair(new Map(entries.slice(0, 4)))).toBeNull()
  })
})

describe('the demo site`s timeline', () => {
  const step = (state: string) => ({ type: 'step', step: { state, title: state, atMs: 0 } }) as const

  test('has each request in the step that sent it, whenever its reply comes', () => {
    let steps: readonly TakenStep[] = foldSteps([], step('one'))
    steps = foldSteps(steps, { type: 'sent', id: 1, name: 'mailbox.put' })
    steps = foldSteps(steps, step('two'))
    steps = foldSteps(steps, { type: 'replied', id: 1, status: 200, ms: 5 })
    expect(steps.map(({ requests }) => requests)).toEqual([[{ id: 1, name: 'mailbox.put', status: 200, ms: 5 }], []])
  })

  test('forgets what was wrong with a request once the server answers again', () => {
    const error = new FoyerError('offline')
    const failed = foldSteps(foldSteps([], step('waiting')), { type: 'step', step: { ...step('waiting').step, error } })
    expect(failed.map((one) => one.error)).toEqual([error])
    expect(foldSteps(failed, { type: 'replied', id: 1, status: null, ms: 5 })[0]?.error).toBe(error)
    expect(foldSteps(failed, { type: 'replied', id: 1, status: 200, ms: 5 })[0]?.error).toBeUndefined()
  })

  test('says spans as people do', () => {
    expect([0.41, 9.96, 999.6, 9_994, 9_996, 59_999, 125_000].map(span)).toEqual([
      '0.4 ms',
      '10 ms',
      '1.00 s',
      '9.99 s',
      '10.0 s',
      '1:00 min',
      '2:05 min',
    ])
  })
})

describe('the demo site`s hosted session', () => {
  test('keeps the row of a client whose connection broke, and drops that of one who left', () => {
    const guest = { type: 'guest', guest: { client: 'Bob', state: 'open' } } as const
    const here = evolve(OPENING, guest)
    const broken = evolve(here, { type: 'left', client: 'Bob', reason: 'closed' })
    expect(broken.guests).toEqual([{ client: 'Bob', state: 'gone' }])
    expect(evolve(broken, { type: 'left', client: 'Bob', reason: 'left' }).guests).toEqual([])
  })

  test('reads lines of chat, and nothing else that comes over a channel', () => {
    expect(decode(encode({ from: 'Bob', text: 'hi' }))).toEqual({ from: 'Bob', text: 'hi' })
    expect(decode('{"text":"hi","from":7}')).toEqual({ from: null, text: 'hi' })
    for (const junk of ['', 'hi', 'null', '{"text":7}', '[]', new ArrayBuffer(4)]) expect(decode(junk)).toBeNull()
  })
})
