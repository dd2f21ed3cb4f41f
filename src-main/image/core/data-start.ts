/** Where a volume may begin on a disc with a table of contents: a data track's first sector, and its session. */
export interface DataStart {
  sector: number
  /** From 1. */
  session: number
}
