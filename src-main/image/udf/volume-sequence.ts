import { ByteReader } from '../byte-reader'
import type { ByteSource } from '../byte-source'
import type { DiagnosticLog } from '../diagnostic-log'
import { hasValidCrc, readTag, TagId } from './descriptor-tag'

/** Sector sizes that media formatted with UDF have, the usual ones first. */
const SECTOR_SIZES = [2048, 512, 4096, 1024, 8192, 16384, 32768]
/** ECMA-167 3/8.4.2 asks for 16 sectors; pointers may lead on, but not for ever. */
const SEQUENCE_LIMIT = 256
const POINTER_LIMIT = 16

export interface VolumeSequence {
  sectorSize: number
  primary: ByteReader | null
  logical: ByteReader
  /** By partition number. */
  partitions: Map<number, ByteReader>
}

interface ExtentAddress {
  byteLength: number
  location: number
}

export interface Anchor {
  sectorSize: number
  byteOffset: number
  main: ExtentAddress
  reserve: ExtentAddress
}

/** ECMA-167 3/10.2, 3/8.4.2.1: at sector 256, N − 256 or N; UDF adds 512 for media not yet closed. */
export async function findAnchors(source: ByteSource, thorough: boolean): Promise<Anchor[]> {
  const anchors: Anchor[] = []
  for (const sectorSize of thorough ? SECTOR_SIZES : [2048]) {
    const last = Math.floor(source.byteLength / sectorSize) - 1
    const places = thorough ? [256, last - 256, last, 512, last - 150] : [256]
    for (const sector of places) {
      if (sector < 16) continue
      const reader = new ByteReader(await source.read(sector * sectorSize, 512))
      const tag = readTag(reader)
      if (tag.id !== TagId.anchor || !tag.isSound || tag.location !== sector) continue
      anchors.push({
        sectorSize,
        byteOffset: sector * sectorSize,
        main: { byteLength: reader.u32Le(16), location: reader.u32Le(20) },
        reserve: { byteLength: reader.u32Le(24), location: reader.u32Le(28) },
      })
    }
    if (anchors.length > 0) break
  }
  return anchors
}

/** The first sequence of any anchor that names a logical volume; the reserve one where the main one is damaged. */
export async function readVolumeSequence(
  source: ByteSource,
  anchors: readonly Anchor[],
  log: DiagnosticLog,
): Promise<VolumeSequence | null> {
  for (const [index, anchor] of anchors.entries()) {
    for (const extent of [anchor.main, anchor.reserve]) {
      const sequence = await readSequence(source, anchor.sectorSize, extent)
      if (sequence === null) continue
      if (extent === anchor.reserve || index > 0) {
        log.warn(
          'UDF_RESERVE_SEQUENCE_USED',
          'The main volume descriptors are damaged; their copy is used.',
          anchor.byteOffset,
        )
      }
      return sequence
    }
  }
  return null
}

async function readSequence(
  source: ByteSource,
  sectorSize: number,
  extent: ExtentAddress,
): Promise<VolumeSequence | null> {
  let primary: ByteReader | null = null
  let logical: ByteReader | null = null
  const partitions = new Map<number, ByteReader>()
  const isNewer = (candidate: ByteReader, known: ByteReader | null | undefined): boolean =>
    known === null || known === undefined || candidate.u32Le(16) >= known.u32Le(16)
  let current = extent
  for (let pointers = 0; pointers < POINTER_LIMIT; pointers++) {
    const sectors = Math.min(Math.floor(current.byteLength / sectorSize), SEQUENCE_LIMIT)
    const whole = new ByteReader(await source.read(current.location * sectorSize, sectors * sectorSize))
    let next: ExtentAddress | null = null
    for (let sector = 0; sector < sectors; sector++) {
      const reader = whole.sub(sector * sectorSize, sectorSize)
      const tag = readTag(reader)
      if (!tag.isSound || tag.id === TagId.terminator) {
        if (tag.isSound) break
        continue
      }
      if (!hasValidCrc(reader)) continue
      if (tag.id === TagId.primaryVolume && isNewer(reader, primary)) primary = reader
      if (tag.id === TagId.logicalVolume && isNewer(reader, logical)) logical = reader
      if (tag.id === TagId.partition && isNewer(reader, partitions.get(reader.u16Le(22)))) {
        partitions.set(reader.u16Le(22), reader)
      }
      if (tag.id === TagId.volumePointer) next = { byteLength: reader.u32Le(20), location: reader.u32Le(24) }
    }
    if (next === null) break
    current = next
  }
  return logical === null ? null : { sectorSize, primary, logical, partitions }
}
