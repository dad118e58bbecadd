import type { Document } from 'mongodb'

/** A conductor that is lost so often in so short a time, without any progress, waits. */
const CRASHES = 3
const CRASH_WINDOW_MS = 10 * 60_000
/** A conductor that has lived for so long is in no crash loop: the next loss counts from one again. */
const PROVEN_MS = 30_000
const BACKOFF_MS = { first: 5_000, most: 5 * 60_000 }
/** How long the row of an ended conductor says so. */
const TOMBSTONE_MS = 30 * 24 * 60 * 60_000

const NOW = '$$NOW'
const after = (ms: number) => ({ $add: [NOW, ms] })
const cond = (test: unknown, yes: unknown, no: unknown) => ({ $cond: [test, yes, no] })
const isStatus = (...statuses: string[]) => ({ $in: ['$status', statuses] })
const NEXT_EPOCH = { $add: ['$epoch', 1] }

/** A filter: so long after the time of a field, by mongod's own clock. */
export const isPast = (field: string, ms: number) => ({ $expr: { $lt: [{ $add: [`$${field}`, ms] }, NOW] } })

/** What of a row is there in any case. */
const ROW = {
  desired: { $ifNull: ['$desired', 'on'] },
  holder: { $ifNull: ['$holder', null] },
  acquiredAt: { $ifNull: ['$acquiredAt', null] },
  renewedAt: { $ifNull: ['$renewedAt', null] },
  expiresAt: { $ifNull: ['$expiresAt', null] },
  aliveSince: { $ifNull: ['$aliveSince', null] },
  crash: { $ifNull: ['$crash', { $literal: { count: 0, since: null, notBefore: null } }] },
}

/** The row of an upsert is `{ _id }` at first: an upsert takes no `$expr`, so all that is decided is decided here. */
export function wantPipeline({ kind, epoch }: { kind: string; epoch: number }): Document[] {
  const isEvanescent = kind === 'GroupEvanescent'
  const isNew = { $eq: [{ $type: '$status' }, 'missing'] }
  const isOver = isEvanescent ? isStatus('ended') : false
  const isFree = isEvanescent ? isNew : { $or: [isNew, isStatus('released', 'ended')] }
  return [
    {
      $set: {
        ...ROW,
        kind: { $ifNull: ['$kind', kind] },
        desired: cond(isOver, 'off', 'on'),
        status: cond(isFree, 'wanted', '$status'),
        epoch: cond(isOver, '$epoch', { $max: ['$epoch', epoch] }),
        // Else it stays, so that what is wanted again and again is no write, and it says for how long one waits.
        wantedAt: cond(isFree, NOW, '$wantedAt'),
        ...(isEvanescent ? {} : { endedAt: '$$REMOVE', purgeAt: '$$REMOVE' }),
      },
    },
  ]
}

export function offPipeline(ended: boolean): Document[] {
  const isFinal = ended ? true : { $eq: ['$kind', 'GroupEvanescent'] }
  const status = cond({ $or: [isFinal, isStatus('ended')] }, 'ended', 'released')
  return [
    {
      $set: {
        desired: 'off',
        status,
        // Repeated, it changes nothing.
        epoch: cond({ $eq: ['$status', status] }, '$epoch', NEXT_EPOCH),
        holder: null,
        expiresAt: null,
        endedAt: cond(isFinal, { $ifNull: ['$endedAt', NOW] }, { $ifNull: ['$endedAt', '$$REMOVE'] }),
        purgeAt: cond(isFinal, { $ifNull: ['$purgeAt', after(TOMBSTONE_MS)] }, { $ifNull: ['$purgeAt', '$$REMOVE'] }),
      },
    },
  ]
}

/** The crash guard's count with one more. `until`: when the row's conductor was lost. What has no life is less than any. */
const lostOnceMore = (until: string) => ({
  $let: {
    vars: {
      isLoop: {
        $and: [
          { $gt: ['$crash.since', { $subtract: [NOW, CRASH_WINDOW_MS] }] },
          { $lt: [{ $subtract: [until, '$aliveSince'] }, PROVEN_MS] },
        ],
      },
    },
    in: {
      count: cond('$$isLoop', { $add: ['$crash.count', 1] }, 1),
      since: cond('$$isLoop', '$crash.since', NOW),
      notBefore: '$crash.notBefore',
    },
  },
})
const TOO_OFTEN = { $gte: ['$crash.count', CRASHES] }
const BACKOFF = {
  $min: [BACKOFF_MS.most, { $multiply: [BACKOFF_MS.first, { $pow: [2, { $subtract: ['$crash.count', CRASHES] }] }] }],
}
const NOT_BEFORE = { $add: [NOW, BACKOFF] }

export interface Claimer {
  worker: string
  claim: string
  host: string
  leaseMs: number
}

/** Takes the row, or marks it `failed` where that would be the next turn of a crash loop: the epoch grows in both cases. */
export function claimPipeline({ worker, claim, host, leaseMs }: Claimer): Document[] {
  const isLoop = { $and: [isStatus('held'), TOO_OFTEN] }
  return [
    { $set: { crash: cond(isStatus('held'), lostOnceMore('$renewedAt'), '$crash') } },
    {
      $set: {
        status: cond(isLoop, 'failed', 'held'),
        epoch: NEXT_EPOCH,
        holder: cond(isLoop, null, { $literal: { worker, claim, host } }),
        acquiredAt: cond(isLoop, '$acquiredAt', NOW),
        renewedAt: cond(isLoop, '$renewedAt', NOW),
        expiresAt: cond(isLoop, null, after(leaseMs)),
        aliveSince: cond(isLoop, null, NOW),
        'crash.notBefore': cond(isLoop, NOT_BEFORE, '$crash.notBefore'),
      },
    },
  ]
}

/** The same process takes it anew: an epoch is one unbroken interval. */
export const reclaimPipeline = ({ next, leaseMs }: { next: string; leaseMs: number }): Document[] => [
  {
    $set: {
      epoch: NEXT_EPOCH,
      'holder.claim': { $literal: next },
      acquiredAt: NOW,
      renewedAt: NOW,
      expiresAt: after(leaseMs),
    },
  },
]

export const renewPipeline = (leaseMs: number): Document[] => [{ $set: { renewedAt: NOW, expiresAt: after(leaseMs) } }]

/** An evanescent one does not fall dormant. */
export function releasePipeline(to: 'wanted' | 'released'): Document[] {
  const status = to === 'wanted' ? to : cond({ $eq: ['$kind', 'GroupEvanescent'] }, 'wanted', to)
  return [{ $set: { status, holder: null, expiresAt: NOW, wantedAt: NOW } }]
}

/** Back to whoever comes: what was under way under this epoch is fenced by the next one. */
export const disownPipeline = (): Document[] => [
  { $set: { status: 'wanted', epoch: NEXT_EPOCH, holder: null, expiresAt: NOW, wantedAt: NOW } },
]

/** The same by who saw the process die: that counts as a crash. */
export const abandonPipeline = (): Document[] => [
  { $set: { crash: lostOnceMore(NOW) } },
  {
    $set: {
      status: cond(TOO_OFTEN, 'failed', 'wanted'),
      epoch: NEXT_EPOCH,
      holder: null,
      expiresAt: NOW,
      wantedAt: NOW,
      aliveSince: null,
      'crash.notBefore': cond(TOO_OFTEN, NOT_BEFORE, '$crash.notBefore'),
    },
  },
]
