import { ByteReader } from '../../core/byte-reader'
import { SourceError, type ByteSource } from '../../core/byte-source'

export const XDVDFS_MAGIC = 'MICROSOFT*XBOX*MEDIA'
export const SECTOR = 2048
/** Of the descriptor in its partition, in bytes. */
export const DESCRIPTOR_OFFSET = 32 * SECTOR
const MAGIC_END_OFFSET = 0x7ec
/** Where the game's partition begins: alone, and on discs of the three kinds behind their film partition. */
const PARTITION_OFFSETS = [0, 0x0fd90000, 0x02080000, 0x18300000, 0x89d80000] as const

/** A volume of an Xbox disc. */
export interface XdvdfsVolume {
  /** Of the partition, in bytes; sectors count from there. */
  byteOffset: number
  /** In bytes of the image. */
  rootOffset: number
  rootLength: number
  /** In milliseconds since 1970; NaN where it is not said. */
  created: number
}

/** The first descriptor at one of the places that Xbox discs have; little-endian. Null where there is none. */
export async function findXdvdfsVolume(source: ByteSource): Promise<XdvdfsVolume | null> {
  for (const byteOffset of PARTITION_OFFSETS) {
    const at = byteOffset + DESCRIPTOR_OFFSET
    if (at + SECTOR > source.byteLength) continue
    const reader = new ByteReader(await readOrNothing(source, at))
    if (!reader.matches(0, XDVDFS_MAGIC) || !reader.matches(MAGIC_END_OFFSET, XDVDFS_MAGIC)) continue
    return {
      byteOffset,
      rootOffset: byteOffset + reader.u32Le(20) * SECTOR,
      rootLength: reader.u32Le(24),
      created: fileTime(reader.u32Le(28), reader.u32Le(32)),
    }
  }
  return null
}

/** What cannot be read at such a place is no fault of a disc that is none of these. */
async function readOrNothing(source: ByteSource, byteOffset: number): Promise<Uint8Array> {
  try {
    return await source.read(byteOffset, SECTOR)
  } catch (error) {
    if (error instanceof SourceError) return new Uint8Array(0)
    throw error
  }
}

/** Tenths of microseconds since 1601 as milliseconds since 1970. */
function fileTime(low: number, high: number): number {
  return low === 0 && high === 0 ? NaN : (high * 2 ** 32 + low) / 10_000 - 11_644_473_600_000
}
