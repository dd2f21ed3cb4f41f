import type { DiagnosticLog } from '../core/diagnostic-log'

/** What is wrong with a table of volumes. */
export interface TableFault {
  /** `lost`: volumes are missing, or may be other ones. `mended`: a twin has everything. `none`: no more than worth knowing. */
  cost: 'lost' | 'mended' | 'none'
  /** Sums or the standard itself say so: nothing else can be meant by these bytes. */
  isProven: boolean
  /** Hybrids do so on purpose, whose partitions begin at byte 0 and lie in one another. */
  isUsualInHybrids?: boolean
  code: string
  message: string
  byteOffset?: number
}

export type TellFault = (fault: TableFault) => void

/**
 * Tells of what was wrong with the tables of an image.
 * @param isHybrid whether a file system was found that is not in any volume. Its tables are laid over its files by tools
 *   with liberties of their own (isohybrid leaves copies where they were, Apple’s discs have two maps in one); only what is
 *   proven counts, and it costs no file
 */
export function tellFaults(faults: readonly TableFault[], isHybrid: boolean, log: DiagnosticLog): void {
  for (const { cost, isProven, isUsualInHybrids, code, message, byteOffset } of faults) {
    if (isHybrid && isUsualInHybrids === true) continue
    if (cost === 'none' || (isHybrid && !isProven)) log.note(code, message, byteOffset)
    else if (cost === 'mended' || isHybrid) log.recovered(code, message, byteOffset)
    else log.damage(code, message, byteOffset)
  }
}
