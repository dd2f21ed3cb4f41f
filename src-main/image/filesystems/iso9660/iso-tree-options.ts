import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { LongFiles } from '../../core/long-files'
import type { PathTablePlace } from './path-table'
import type { IsoNaming } from './recorded-names'

/** Where a directory hierarchy lies and how it is recorded. */
export interface IsoTreeOptions {
  naming: IsoNaming
  blockSize: number
  /** Added to every block number: sessions whose numbers count from their own start. In blocks. */
  blockDelta: number
  rootLocation: number
  rootXarLength: number
  rootByteLength: number
  /** Milliseconds since 1970 UTC; absent where nothing says so. */
  rootModified?: number
  /** The names that count are in the system use fields, whatever tree is read. */
  hasRockRidge: boolean
  /** Bytes at the start of each system use field that are not Rock Ridge's (SP, SUSP 5.3). */
  suspSkip: number
  pathTable: PathTablePlace
  /** On a bridge disc large enough to hold them: what UDF knows of files beyond 4 GiB. */
  longFiles?: (() => Promise<LongFiles>) | undefined
  /** mkisofs or its kin name themselves as the image's application: what only they do is no damage there. */
  isByMkisofs?: boolean
  log: DiagnosticLog
}
