import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { readBothU16, readBothU32 } from '../../core/both-endian'
import { readVolumeDateTime } from '../../core/date-time'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { FaultTally } from '../../core/fault-tally'

export const SECTOR = 2048
/** Sectors 0 to 15 are left to the system, as in ECMA-119. */
export const FIRST_DESCRIPTOR = 16 * SECTOR
const DESCRIPTOR_LIMIT = 64
const STANDARD = 1
const TERMINATOR = 255

/** What each descriptor says from byte 9 on; the eight bytes before its type are its own block number. */
export const STANDARD_IDENTIFIER = 'CDROM'
export const IDENTIFIER_AT = 9

/** The standard file structure volume descriptor (High Sierra Group, May 1986). */
export interface HighSierraVolume {
  blockSize: number
  volumeId: string
  systemId: string
  publisher: string
  preparer: string
  application: string
  spaceByteLength: number
  /** In bytes of the volume. */
  rootOffset: number
  rootLength: number
  created: number
  modified: number
}

/** Null where the set holds no standard descriptor. */
export async function readHighSierraVolume(source: ByteSource, log: DiagnosticLog): Promise<HighSierraVolume | null> {
  for (let index = 0; index < DESCRIPTOR_LIMIT; index++) {
    const at = FIRST_DESCRIPTOR + index * SECTOR
    const bytes = new ByteReader(await source.read(at, SECTOR))
    if (!bytes.matches(IDENTIFIER_AT, STANDARD_IDENTIFIER) || bytes.u8(8) === TERMINATOR) return null
    if (bytes.u8(8) === STANDARD) return readStandard(bytes, at, source.byteLength, log)
  }
  return null
}

function readStandard(bytes: ByteReader, at: number, byteLength: number, log: DiagnosticLog): HighSierraVolume {
  const faults = new FaultTally()
  const blockSize = readBothU16(bytes.bytes, 136, at, faults, isBlockSize)
  const size = isBlockSize(blockSize) ? blockSize : SECTOR
  const isInside = (block: number): boolean => block * size < byteLength
  const volume: HighSierraVolume = {
    blockSize: size,
    systemId: bytes.text(16, 32),
    volumeId: bytes.text(48, 32),
    spaceByteLength: size * readBothU32(bytes.bytes, 88, at, faults, (blocks) => blocks > 0 && isInside(blocks - 1)),
    // The root's directory record: an extent behind its extended attribute record.
    rootOffset: size * (readBothU32(bytes.bytes, 182, at, faults, isInside) + bytes.u8(181)),
    rootLength: readBothU32(bytes.bytes, 190, at, faults),
    publisher: bytes.text(342, 128),
    preparer: bytes.text(470, 128),
    application: bytes.text(598, 128),
    created: readDate(bytes, 790),
    modified: readDate(bytes, 806),
  }
  faults.settle(log)
  return volume
}

function isBlockSize(size: number): boolean {
  return size === 512 || size === 1024 || size === 2048
}

/** Sixteen digits: ECMA-119 8.4.26.1 without its offset from Greenwich. */
function readDate(bytes: ByteReader, at: number): number {
  const padded = new Uint8Array(17)
  padded.set(bytes.slice(at, 16))
  return readVolumeDateTime(padded, 0)
}
