/** The sums of an image's files, which some writers keep behind them, and some formats beside their names. */
export interface SumTable {
  algorithm: 'md5' | 'sha1' | 'sum32'
  /** They are of a packed file's bytes as stored, not unpacked. */
  isOfStored: boolean
  /** Lower-case hexadecimal; null where the table has no such number. */
  hexOf(index: number): string | null
  /** The table gives its own sum. */
  isIntact: boolean
}
