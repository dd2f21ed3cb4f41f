import path from 'node:path'
import { eccBeside } from '../files/ecc-beside'
import { FileByteSource } from '../files/file-byte-source'
import { ByteMap, isHole } from '../image/core/byte-map'
import { matchesAscii } from '../image/core/byte-reader'
import { SourceError, type ByteSource } from '../image/core/byte-source'
import { detectSectorLayout, type SectorLayout } from '../image/containers/sectors/raw-sectors'
import { SECTOR, sectorCrc } from '../image/error-correction/ecc-header'
import { EccError, EccVolume } from '../image/error-correction/ecc-volume'
import { volumeEnds } from '../image/error-correction/find-ecc'
import { repairSectors } from '../image/error-correction/repair'
import type { Control } from '../task'
import { mergeCopies, openCopies, type Copy, type Dispute } from './copies'
import { takeMap } from './known-map'
import { mendRawSectors } from './raw-sectors'
import { RescueError } from './rescue-error'
import { RescuedSource } from './rescued-source'

const CHUNK = 1 << 20
/** What dvdisaster writes into sectors that it could not read. */
const DEAD_MARKS = ['dvdisaster dead sector marker', 'dvdisaster missing sector marker']
/** Errors in a row after which the rest of a chunk is given up: each may take a drive several seconds. */
const PATIENCE = 32

export interface EvidenceRequest {
  imagePath: string
  /** A map of ddrescue; null to look for one beside the image. */
  map: string | null
  /** Other copies of the same image. */
  copies: readonly string[]
  /** A file of dvdisaster's; null to look for one beside the image and in it. */
  ecc: string | null
}

/** What is known of an image's file, and the file with all that could be mended. */
export interface Evidence {
  rescued: RescuedSource
  /** In bytes of the file. */
  map: ByteMap
  /** How raw sectors lie in it; null where it has none. */
  raw: SectorLayout | null
  /** Places where copies differ, which a file's sum may still settle. */
  disputes: readonly Dispute[]
  ecc: EccVolume | null
  /** A sentence each: what was found and used, and what was not. */
  notes: string[]
  isRewritten(): boolean
  close(): Promise<void>
}

/**
 * Opens an image and puts together what its map, its copies, error correction and its own sectors say of its bytes.
 * @throws {SourceError}, {@link RescueError}
 */
export async function gatherEvidence(request: EvidenceRequest, control: Control): Promise<Evidence> {
  const { imagePath } = request
  const file = FileByteSource.open(imagePath)
  const opened: ByteSource[] = [file]
  const close = async (): Promise<void> => {
    for (const source of opened.toReversed()) await source.close()
  }
  try {
    const name = path.basename(imagePath)
    if (file.byteLength === 0) throw new RescueError('EMPTY_FILE', `${name} is empty: there is nothing in it to save.`)
    const notes: string[] = []
    const raw = await layoutOf(file)
    const unit = raw?.stride ?? SECTOR
    const own: Copy = { name, source: file, map: new ByteMap(file.byteLength, name) }
    const note = takeMap(own.map, imagePath, file.byteLength, request.map)
    if (note !== null) notes.push(note)
    await survey(own, unit, control)
    const copies = await openCopies(own, request.copies, unit)
    opened.push(...copies.map(({ source }) => source))
    const rescued = new RescuedSource(file, unit)
    opened.push(rescued)
    const ecc = await openEcc(request, rescued, raw, notes, opened)
    const length = Math.max(
      file.byteLength,
      ecc?.totalByteLength ?? 0,
      ...copies.map(({ source }) => source.byteLength),
    )
    const map = new ByteMap(length, name)
    if (length > file.byteLength)
      map.mark({ byteOffset: file.byteLength, byteLength: length - file.byteLength, state: 'missing', by: name })
    map.markAll(own.map)
    const disputes = copies.length === 0 ? [] : await mergeCopies(own, copies, rescued, map, control)
    // What lies behind a cut may be in a copy, and with it the error correction.
    const volume = ecc ?? (copies.length === 0 ? null : await openEcc(request, rescued, raw, [], opened))
    if (raw !== null) {
      const mended = await mendRawSectors(rescued, raw, map, disputes, control)
      if (mended > 0) notes.push(`${mended} raw sectors were mended by their own parity.`)
    } else if (volume !== null) await mendByEcc(volume, { rescued, map, disputes, notes, control })
    return {
      rescued,
      map,
      raw,
      disputes,
      ecc: volume,
      notes,
      isRewritten: () =>
        [file, ...copies.map(({ source }) => source)].some((one) => one instanceof FileByteSource && one.isRewritten()),
      close,
    }
  } catch (error) {
    await close()
    if (error instanceof EccError) throw new RescueError(error.code, error.message)
    throw error
  }
}

async function layoutOf(file: ByteSource): Promise<SectorLayout | null> {
  try {
    const layout = await detectSectorLayout(file)
    return layout?.hasHeader === true ? layout : null
  } catch (error) {
    // Where the beginning cannot be read, nothing tells.
    if (error instanceof SourceError && error.code === 'SOURCE_UNREADABLE') return null
    throw error
  }
}

/** Reads all of a file once: what the device refuses, and what a reader has marked as unread, is. */
async function survey({ source, map, name }: Copy, unit: number, control: Control): Promise<void> {
  const step = CHUNK - (CHUNK % unit)
  const buffer = new Uint8Array(step)
  const unread = (byteOffset: number, byteLength: number): void => {
    map.mark({ byteOffset, byteLength, state: 'unread', by: name })
  }
  for (let at = 0; at < source.byteLength; at += step) {
    const wait = control.checkpoint()
    if (wait) await wait
    control.progress({ bytesDone: at, bytesTotal: source.byteLength })
    let bytes: Uint8Array
    try {
      bytes = buffer.subarray(0, source.readInto(buffer, at))
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== 'SOURCE_UNREADABLE') throw error
      await surveyUnits(source, at, Math.min(step, source.byteLength - at), unit, unread)
      continue
    }
    if (unit !== SECTOR) continue
    for (let sector = 0; sector < bytes.byteLength; sector += SECTOR)
      if (bytes[sector] === 0x64 && DEAD_MARKS.some((mark) => matchesAscii(bytes, sector, mark)))
        unread(at + sector, SECTOR)
  }
}

async function surveyUnits(
  source: ByteSource,
  start: number,
  length: number,
  unit: number,
  unread: (byteOffset: number, byteLength: number) => void,
): Promise<void> {
  let failures = 0
  for (let at = start; at < start + length; at += unit) {
    const size = Math.min(unit, start + length - at)
    if (failures >= PATIENCE) {
      unread(at, start + length - at)
      return
    }
    try {
      await source.read(at, size)
      failures = 0
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== 'SOURCE_UNREADABLE') throw error
      failures++
      unread(at, size)
    }
  }
}

/** The one that was named, else one beside the image, else one in it. */
async function openEcc(
  { imagePath, ecc }: EvidenceRequest,
  image: ByteSource,
  raw: SectorLayout | null,
  notes: string[],
  opened: ByteSource[],
): Promise<EccVolume | null> {
  const open = (file: string): Promise<EccVolume> => {
    const source = FileByteSource.open(file, 'sibling')
    opened.push(source)
    return EccVolume.inFile(image, source, file)
  }
  if (ecc !== null) {
    if (raw !== null)
      throw new RescueError(
        'BAD_ECC',
        `${path.basename(imagePath)} has raw sectors, over which dvdisaster makes no error correction. Leave --ecc out.`,
      )
    return open(ecc)
  }
  if (raw !== null) return null
  for (const beside of eccBeside(imagePath)) {
    try {
      return await open(beside)
    } catch (error) {
      if (!(error instanceof EccError) && !(error instanceof SourceError)) throw error
      notes.push(`“${path.basename(beside)}” beside the image is not used: ${error.message}`)
    }
  }
  return tolerant(async () => EccVolume.inImage(image, await volumeEnds(image), true))
}

async function tolerant<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof SourceError && error.code === 'SOURCE_UNREADABLE') return null
    throw error
  }
}

interface EccContext {
  rescued: RescuedSource
  map: ByteMap
  disputes: readonly Dispute[]
  notes: string[]
  control: Control
}

async function mendByEcc(volume: EccVolume, { rescued, map, disputes, notes, control }: EccContext): Promise<void> {
  for (const { unit, candidates } of disputes) {
    const sum = volume.sumOf(unit)
    if (sum === null) continue
    for (const { source } of candidates) {
      const bytes = await source.read(unit * SECTOR, SECTOR)
      if (bytes.byteLength < SECTOR || sectorCrc(bytes) !== sum) continue
      rescued.put(unit, bytes, volume.totalByteLength)
      break
    }
  }
  const by = 'dvdisaster'
  let mended = 0
  let beyond = 0
  await repairSectors(volume, {
    isLost: (sector) => isHole(map.worst(sector * SECTOR, Math.min(SECTOR, map.byteLength - sector * SECTOR))),
    fits: (sector, count) => {
      map.mend({ byteOffset: sector * SECTOR, byteLength: count * SECTOR, state: 'proven', by }, SECTOR)
    },
    damaged: (sector, count) => {
      beyond += count
      map.mark({ byteOffset: sector * SECTOR, byteLength: count * SECTOR, state: 'bad', by }, SECTOR)
    },
    mended: (sector, bytes) => {
      mended++
      rescued.put(sector, bytes, volume.totalByteLength)
      map.mend({ byteOffset: sector * SECTOR, byteLength: SECTOR, state: 'proven', by: `mended by ${by}` })
    },
    checkpoint: () => control.checkpoint(),
    progress: (bytesDone) => {
      control.progress({ bytesDone, bytesTotal: volume.totalByteLength })
    },
  })
  if (mended > 0) notes.push(`${mended} sectors were mended by the error correction of dvdisaster.`)
  if (beyond > 0) notes.push(`${beyond} sectors are beyond what the error correction of dvdisaster can mend.`)
}
