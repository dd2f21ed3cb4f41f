import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { Doubts } from '../disk/doubts'
import type { Qcow2Header } from './header'

export interface CheckedDisk {
  /** Of the file, for sentences. */
  name: string
  file: ByteSource
  /** Where clusters lie that are not packed; null: it is not there. */
  data: ByteSource | null
  header: Qcow2Header
  log: DiagnosticLog
  doubts: Doubts
}

/** What the tables of a disk lead to. */
export interface References {
  /** How often each cluster of the file is led to, 255 for more. */
  counted: Uint8Array
  /** The last cluster of the disk, plus one, whose bytes lie in one of the file; 0: none. */
  owners: Uint32Array
  /** Clusters of the file that packed ones lie in. */
  packed: Uint8Array
  /** How often each cluster of the other file is led to, where the data lie in one; they are counted nowhere. */
  outside: Uint8Array
  /** Clusters of the disk that have an entry. */
  mapped: Uint8Array
  /** In every state of the disk, and what the file has for itself: what is not in here is led to by nothing. */
  isWhole: boolean
}
