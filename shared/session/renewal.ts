/**
 * Whether a host's call must renew its session: not while two thirds of the expiry are left, so that a busy host costs one
 * write a third. A call that will wait for `waitMs` must leave a third for coming back afterwards.
 */
export function needsRenewal(
  { expiresAt }: { expiresAt: Date },
  { now, expiryMs, waitMs }: { now: Date; expiryMs: number; waitMs: number },
): boolean {
  const left = expiresAt.getTime() - now.getTime()
  return left < Math.max((expiryMs * 2) / 3, waitMs + expiryMs / 3)
}
