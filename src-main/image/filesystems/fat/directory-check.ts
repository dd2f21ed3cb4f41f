import { isAllZero } from '../../core/byte-reader'
import type { DiagnosticLog } from '../../core/diagnostic-log'

const RECORD_LENGTH = 32
const SECTOR_LENGTH = 512
const DOT = 0x2e

/**
 * Where the records of a directory end: at the first whose name begins with a zero. Directories are filled from their
 * beginning on, so a sector without any in front of others is one that was lost, and they go on behind it.
 * @returns where to go on reading; `bytes.byteLength` at the end
 */
export function afterEndMark(bytes: Uint8Array, at: number): { next: number; isLost: boolean } {
  const isSector = at % SECTOR_LENGTH === 0 && isAllZero(bytes.subarray(at, at + SECTOR_LENGTH))
  if (isSector)
    for (let next = at + SECTOR_LENGTH; next < bytes.byteLength; next += SECTOR_LENGTH)
      if (isRecord(bytes, next)) return { next, isLost: true }
  return { next: bytes.byteLength, isLost: false }
}

/** Every directory but the root names itself first (FAT specification 6.5): what begins otherwise is lost, or another's. */
export function checkBeginning(bytes: Uint8Array, name: string, log: DiagnosticLog): void {
  if (bytes.byteLength < RECORD_LENGTH || bytes[0] === DOT || isRecord(bytes, 0)) return
  log.damage('DIRECTORY_UNREADABLE', `The folder “${name}” does not begin as folders do: entries may be missing.`)
}

/** Whether a record can begin here, also one that was deleted, or one of a long name. */
function isRecord(bytes: Uint8Array, at: number): boolean {
  const attributes = bytes[at + 11] ?? 0
  if ((bytes[at] ?? 0) === 0 || attributes >= 0x40) return false
  if ((attributes & 0x0f) === 0x0f) return (bytes[at + 12] ?? 0) === 0
  // 0x05 stands for 0xE5 in front.
  return bytes.subarray(at + 1, at + 11).every((byte) => byte >= 0x20)
}
