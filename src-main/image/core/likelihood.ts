/** How sure a look at some bytes is that they are of a format. Drivers are asked in this order, and then in their own. */
export const Likelihood = {
  no: 0,
  /** Nothing speaks against it; opening looks closer, and may find that it is none. */
  maybe: 1,
  /** Its signature is there. */
  sure: 2,
} as const
export type Likelihood = (typeof Likelihood)[keyof typeof Likelihood]

/** `sure` where a signature is there, else `no`. */
export function sureIf(isThere: boolean): Likelihood {
  return isThere ? Likelihood.sure : Likelihood.no
}

/** The drivers that a look finds at least that likely, the surest first; equally sure ones stay in their order. */
export function byLikelihood<T>(
  drivers: readonly T[],
  probe: (driver: T) => Likelihood,
  least: Likelihood = Likelihood.maybe,
): T[] {
  return drivers
    .map((driver) => ({ driver, likelihood: probe(driver) }))
    .filter(({ likelihood }) => likelihood >= least)
    .sort((a, b) => b.likelihood - a.likelihood)
    .map(({ driver }) => driver)
}
