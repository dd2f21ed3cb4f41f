/**
 * Shares of a whole as whole percents that add up to 100: what rounding down leaves goes to those that lost the most by
 * it. What is there at all is said with at least one percent.
 */
export function percentages(shares: readonly number[]): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0)
  if (total <= 0) return shares.map(() => 0)
  const exact = shares.map((share) => (100 * share) / total)
  const percents = exact.map((value) => (value > 0 ? Math.max(1, Math.floor(value)) : 0))
  const loss = (at: number): number => (exact[at] ?? 0) - (percents[at] ?? 0)
  for (let rest = 100 - percents.reduce((sum, one) => sum + one, 0); rest !== 0; rest -= Math.sign(rest)) {
    // Too much only where many small ones were raised to one percent: the largest give.
    const candidates = [...percents.keys()].filter((at) => (rest > 0 ? (exact[at] ?? 0) > 0 : (percents[at] ?? 0) > 1))
    const [best] = candidates.sort((a, b) => (rest > 0 ? loss(b) - loss(a) : loss(a) - loss(b)))
    if (best === undefined) break
    percents[best] = (percents[best] ?? 0) + Math.sign(rest)
  }
  return percents
}
