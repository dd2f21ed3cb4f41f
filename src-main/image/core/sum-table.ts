/** The MD5 sums of an image's files, which some writers keep behind them. */
export interface SumTable {
  /** Lower-case hexadecimal; null where the table has no such number. */
  hexOf(index: number): string | null
  /** The table gives its own sum. */
  isIntact: boolean
}
