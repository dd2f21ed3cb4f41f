import { ByteReader, isAllZero } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { hasValidCrc, readTag, TagId } from './descriptor-tag'
import { readPartitionMaps } from './partition'

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

/** ECMA-167 3/8.4.2.1: counted from the first sector of the session. */
const ANCHOR_SECTOR = 256

/**
 * ECMA-167 3/10.2, 3/8.4.2.1: at sector 256, N − 256 or N; UDF adds 512 for media not yet closed.
 * @param start where the volume's session begins, in bytes: its sectors are counted from the disc's start, but the first
 *   anchor lies 256 behind the session's
 */
export async function findAnchors(source: ByteSource, thorough: boolean, start = 0): Promise<Anchor[]> {
  const anchors: Anchor[] = []
  for (const sectorSize of thorough ? SECTOR_SIZES : [2048]) {
    const first = Math.floor(start / sectorSize)
    const last = Math.floor(source.byteLength / sectorSize) - 1
    const usual = first + ANCHOR_SECTOR
    const places = thorough ? [usual, last - 256, last, first + 512, last - 150] : [usual]
    for (const sector of places) {
      if (sector < first + 16) continue
      const reader = new ByteReader(await source.read(sector * sectorSize, 512))
      const tag = readTag(reader)
      if (tag.id !== TagId.anchor || !tag.isSound || tag.location !== sector) continue
      anchors.push(anchorIn(reader, sectorSize, sector * sectorSize))
    }
    if (anchors.length > 0) break
  }
  return anchors
}

function anchorIn(reader: ByteReader, sectorSize: number, byteOffset: number): Anchor {
  return {
    sectorSize,
    byteOffset,
    main: { byteLength: reader.u32Le(16), location: reader.u32Le(20) },
    reserve: { byteLength: reader.u32Le(24), location: reader.u32Le(28) },
  }
}

/**
 * Where on its disc the session begins that an image holds alone, in bytes: its sectors are counted from the disc's start,
 * and its first anchor bears another number than its place has. 0 for any other image.
 */
export async function startOfLoneSession(source: ByteSource): Promise<number> {
  for (const sectorSize of SECTOR_SIZES) {
    const reader = new ByteReader(await source.read(ANCHOR_SECTOR * sectorSize, 512))
    const tag = readTag(reader)
    const first = tag.location - ANCHOR_SECTOR
    if (tag.id !== TagId.anchor || !tag.isSound || !hasValidCrc(reader) || first <= 0) continue
    // An anchor may lie in a file; what it leads to does not fit then, nor where sectors have another length.
    const { main, reserve } = anchorIn(reader, sectorSize, 0)
    for (const { location } of [main, reserve]) {
      const descriptor = new ByteReader(await source.read((location - first) * sectorSize, 512))
      const own = readTag(descriptor)
      const isOfSequence = own.id >= TagId.primaryVolume && own.id <= TagId.terminator
      if (isOfSequence && own.isSound && own.location === location && hasValidCrc(descriptor)) return first * sectorSize
    }
  }
  return 0
}

/** How far behind its sequence a session's anchor is looked for, in sectors: the sequence lies between its start and that. */
const ANCHOR_REACH = 256

/** Whether the anchor of a session that begins elsewhere than the disc lies behind the sequence that another anchor names. */
export async function hasAnchorOfSession(source: ByteSource, { sectorSize, main }: Anchor): Promise<boolean> {
  const bytes = new ByteReader(await source.read(main.location * sectorSize, ANCHOR_REACH * sectorSize))
  for (let at = 0; bytes.has(at, 512); at += sectorSize) {
    const tag = readTag(bytes, at)
    const isHere = tag.id === TagId.anchor && tag.isSound && tag.location === main.location + at / sectorSize
    if (isHere && hasValidCrc(bytes.sub(at, sectorSize))) return true
  }
  return false
}

/**
 * The sequence of the first anchor that names a logical volume. Descriptors that the main one lacks, or whose sums do not
 * fit there, are taken from the reserve one (ECMA-167 3/8.4.2).
 */
export async function readVolumeSequence(
  source: ByteSource,
  anchors: readonly Anchor[],
  log: DiagnosticLog,
): Promise<VolumeSequence | null> {
  for (const [index, anchor] of anchors.entries()) {
    const main = await readSequence(source, anchor.sectorSize, anchor.main)
    const isWhole = main.logical !== null && main.primary !== null && !main.isDamaged && hasItsPartitions(main)
    const reserve = isWhole ? null : await readSequence(source, anchor.sectorSize, anchor.reserve)
    const logical = main.logical ?? reserve?.logical ?? null
    if (logical === null) continue
    if (index > 0)
      log.recovered('UDF_ANCHOR_MISLEADS', 'An anchor leads to no volume; another is used.', anchor.byteOffset)
    // A partition number that only a damaged sequence names would be a guess; sums of both were checked.
    const sequence = {
      sectorSize: anchor.sectorSize,
      primary: main.primary ?? reserve?.primary ?? null,
      logical,
      partitions: new Map([...(reserve?.partitions ?? []), ...main.partitions]),
    }
    const hasTaken =
      main.logical === null ||
      (main.primary === null && sequence.primary !== null) ||
      sequence.partitions.size > main.partitions.size
    if (hasTaken || main.isDamaged) {
      log.recovered(
        'UDF_RESERVE_SEQUENCE_USED',
        'The main volume descriptors are damaged; their copy is used.',
        anchor.main.location * anchor.sectorSize,
      )
    }
    return sequence
  }
  return null
}

/**
 * What is left of the sequences of anchors of which none names a logical volume: the partitions of the first that has any.
 * Null where there are none.
 */
export async function readPartitionsAlone(
  source: ByteSource,
  anchors: readonly Anchor[],
): Promise<VolumeSequence | null> {
  for (const { sectorSize, main, reserve } of anchors)
    for (const extent of [main, reserve]) {
      const { primary, partitions } = await readSequence(source, sectorSize, extent)
      if (partitions.size > 0) return { sectorSize, primary, logical: new ByteReader(new Uint8Array(512)), partitions }
    }
  return null
}

/** Whether every partition that the maps of the logical volume name has a descriptor. */
function hasItsPartitions({ logical, partitions }: FoundSequence): boolean {
  return logical !== null && readPartitionMaps(logical).every((map) => partitions.has(map.partitionNumber))
}

/** What one extent holds of a volume descriptor sequence. */
interface FoundSequence {
  primary: ByteReader | null
  logical: ByteReader | null
  partitions: Map<number, ByteReader>
  /** Something in it is a descriptor whose sums do not fit. */
  isDamaged: boolean
}

async function readSequence(source: ByteSource, sectorSize: number, extent: ExtentAddress): Promise<FoundSequence> {
  let isDamaged = false
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
      const isSound = tag.isSound && hasValidCrc(reader)
      if (isSound && tag.id === TagId.terminator) break
      if (!isSound) {
        if (!isAllZero(reader.slice(0, 16))) isDamaged = true
        continue
      }
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
  return { primary, logical, partitions, isDamaged }
}

/** How far descriptors are looked for where no anchor is left: writers put them in front of the first partition. */
const SCAN_LENGTH = 4 * 1024 * 1024

/**
 * Where all anchors are gone: the extents in which volume descriptors lie, by looking at every sector from the
 * recognition sequence on. Empty where there are none; else two, the second the reserve one where there is one.
 */
export async function scanForSequences(source: ByteSource): Promise<Anchor[]> {
  for (const sectorSize of SECTOR_SIZES) {
    const runs: ExtentAddress[] = []
    for (const from of [0, Math.max(SCAN_LENGTH, source.byteLength - SCAN_LENGTH)]) {
      const start = from - (from % sectorSize)
      const bytes = new ByteReader(await source.read(start, SCAN_LENGTH))
      for (let at = 0; at + 512 <= bytes.byteLength; at += sectorSize) {
        const tag = readTag(bytes, at)
        const location = (start + at) / sectorSize
        const isOfSequence = tag.id >= TagId.primaryVolume && tag.id <= TagId.terminator && tag.id !== TagId.anchor
        if (!tag.isSound || !isOfSequence || tag.location !== location || !hasValidCrc(bytes.sub(at, sectorSize)))
          continue
        const last = runs.at(-1)
        const isNext =
          last !== undefined && location * sectorSize - last.location * sectorSize <= last.byteLength + 2 * sectorSize
        if (isNext) last.byteLength = (location - last.location + 1) * sectorSize
        else runs.push({ location, byteLength: sectorSize })
      }
    }
    const [main, reserve] = runs
    if (main !== undefined)
      return [{ sectorSize, byteOffset: main.location * sectorSize, main, reserve: reserve ?? main }]
  }
  return []
}
