import { isAllZero, matchesAscii, readU32Le } from '../core/byte-reader'
import type { ByteSource } from '../core/byte-source'
import {
  COOKIE,
  crcSectorsOf,
  HEADER_SECTORS,
  md5,
  paddingSector,
  readCrcSectorHeader,
  SECTOR,
  SUMS_PER_SECTOR,
  sectorCrc,
  type EccHeader,
} from './ecc-header'
import { findInImage, findRepeat, headerAt, headerOfCrcSector } from './find-ecc'

/** Sectors read at once where all of a span is read. */
const CHUNK_SECTORS = 512
/** Sectors whose sums are compared where an image cannot be told by its fingerprint. */
const SAMPLES = 64

/** Error correction that cannot be used, or is of another image. The message is one sentence, with the file's name. */
export class EccError extends Error {
  constructor(
    readonly code: 'BAD_ECC' | 'OTHER_IMAGE',
    message: string,
  ) {
    super(message)
  }
}

/**
 * An image and the error correction over it, as 255 layers of as many sectors: the bytes at one place in the sectors of
 * a row, one of each layer, are a code word. The first layers are the image, the last ones parity; in RS03 one between
 * them has the sums of the next row's sectors.
 */
export class EccVolume {
  readonly sectorsPerLayer: number
  /** Sectors that the data layers are made of, from the start of the image on; those past it are padding. */
  readonly coveredSectors: number
  /** Sums by sector of the image, of rows that are known. */
  private sums = new Uint32Array(0)
  /** By row, whether its sums are known. */
  readonly isRowKnown: Uint8Array
  /** Where the sums begin; the file or the image. In sectors. */
  private readonly crcStart: number
  private readonly parityStart: number
  /** RS02: headers stand in front of every so many sectors; 0 elsewhere. */
  private readonly repeat: number
  /** RS02: how many sums come before those of a row. */
  private readonly sumsBefore: Float64Array | null

  /** @param file what has the error correction; null where it is in the image itself */
  private constructor(
    readonly header: EccHeader,
    private readonly image: ByteSource,
    private readonly file: ByteSource | null,
    repeat: number,
  ) {
    const { codec, imageSectors, dataLayers } = header
    this.repeat = repeat
    if (codec === 'RS02') {
      this.crcStart = imageSectors + HEADER_SECTORS
      this.parityStart = this.crcStart + crcSectorsOf(imageSectors)
      this.sectorsPerLayer = Math.ceil(this.parityStart / dataLayers)
      this.coveredSectors = this.parityStart
      this.sumsBefore = countSums(imageSectors, this.sectorsPerLayer, this.crcStart)
    } else {
      this.sectorsPerLayer = header.sectorsPerLayer
      this.coveredSectors = file === null ? (dataLayers - 1) * header.sectorsPerLayer : imageSectors
      this.crcStart = file === null ? this.coveredSectors : HEADER_SECTORS
      this.parityStart = this.crcStart + this.sectorsPerLayer
      this.sumsBefore = null
    }
    this.isRowKnown = new Uint8Array(this.sectorsPerLayer)
  }

  /**
   * Finds the error correction of an image in a file of its own.
   * @param name the file's, for the sentence
   * @throws {EccError} `BAD_ECC` where it has none that is understood, `OTHER_IMAGE` where it is of another image
   */
  static async inFile(image: ByteSource, file: ByteSource, name: string): Promise<EccVolume> {
    const header = (await headerAt(file, 0)) ?? (await headerOfCrcSector(file, HEADER_SECTORS))
    if (header === null) {
      const isOlder = matchesAscii(await file.read(0, 16), 0, `${COOKIE}RS01`)
      const why = isOlder ? 'is of RS01, which is not read' : 'holds no error correction of dvdisaster (RS03)'
      throw new EccError('BAD_ECC', `${name} ${why}. Make one with “isolde protect”, or name another with --ecc.`)
    }
    // Every layer of the file has its sectors there, but for what was cut off.
    if (!header.isFile || header.codec !== 'RS03' || header.sectorsPerLayer * SECTOR > file.byteLength)
      throw new EccError(
        'BAD_ECC',
        `${name} contradicts itself: its header tells of more than the file has. Name another with --ecc.`,
      )
    const volume = new EccVolume(header, image, file, 0)
    await volume.loadSums()
    if (!(await volume.isOfImage()))
      throw new EccError(
        'OTHER_IMAGE',
        `${name} is the error correction of another image, or too much of this one is damaged to tell. Name the right one with --ecc.`,
      )
    return volume
  }

  /**
   * Finds the error correction that an image carries behind its own end; null where it carries none.
   * @param ends where the volume may end, in sectors
   * @param isThorough look for it by its other headers as well
   */
  static async inImage(image: ByteSource, ends: readonly number[], isThorough = false): Promise<EccVolume | null> {
    const header = await findInImage(image, ends, isThorough)
    if (header === null || header.isFile) return null
    const total = Math.ceil(image.byteLength / SECTOR)
    // A layer of a cut image may be gone, but more than half of an image that lies are not there.
    if (header.codec === 'RS03' && header.sectorsPerLayer > total) return null
    if (header.imageSectors > total * 4) return null
    const repeat = header.codec === 'RS02' ? await findRepeat(image, header) : 0
    if (repeat === null) return null
    const volume = new EccVolume(header, image, null, repeat)
    await volume.loadSums()
    return (await volume.isOfImage()) ? volume : null
  }

  get dataLayers(): number {
    return this.header.dataLayers
  }

  /** Layers that hold sectors of the image. */
  get imageLayers(): number {
    return this.header.codec === 'RS03' ? this.dataLayers - 1 : this.dataLayers
  }

  get isInFile(): boolean {
    return this.file !== null
  }

  /** What the image with all that is in it measures, in sectors. */
  get totalSectors(): number {
    if (this.file !== null) return this.header.imageSectors
    return this.parityAt(this.header.eccLayers * this.sectorsPerLayer - 1) + 1
  }

  /** In bytes, as {@link totalSectors}: the last sector of an image may be short. */
  get totalByteLength(): number {
    if (this.file === null) return this.totalSectors * SECTOR
    return (this.header.imageSectors - 1) * SECTOR + this.header.lastLength
  }

  /** The sector of the image in a place; −1 for one that lies in a file, or is padding that lies nowhere. */
  imageSectorAt(layer: number, row: number): number {
    const sector = this.sectorAt(layer, row)
    return this.isImage(layer) ? (sector < this.coveredSectors ? sector : -1) : this.file === null ? sector : -1
  }

  /** Whether what is in a place is known to be gone: cut off of the image or of the file. */
  isCut(layer: number, row: number): boolean {
    if (this.isImage(layer)) {
      const sector = this.imageSectorAt(layer, row)
      return sector >= 0 && !this.isOwnHeader(sector) && this.lengthOf(sector) > this.image.byteLength
    }
    return (this.sectorAt(layer, row) + 1) * SECTOR > (this.file ?? this.image).byteLength
  }

  /** How far the image must reach for all of one of its sectors to be there, in bytes. */
  private lengthOf(sector: number): number {
    const isShort = this.file !== null && sector === this.header.imageSectors - 1
    return isShort ? this.totalByteLength : (sector + 1) * SECTOR
  }

  /** RS02 works its parity out before it writes its header: for that, zeros are there. */
  private isOwnHeader(sector: number): boolean {
    const { codec, imageSectors } = this.header
    return codec === 'RS02' && sector >= imageSectors && sector < imageSectors + HEADER_SECTORS
  }

  private isImage(layer: number): boolean {
    return layer < this.imageLayers
  }

  private sectorAt(layer: number, row: number): number {
    if (this.isImage(layer)) return layer * this.sectorsPerLayer + row
    if (layer < this.dataLayers) return this.crcStart + row
    return this.parityAt((layer - this.dataLayers) * this.sectorsPerLayer + row)
  }

  private parityAt(index: number): number {
    const { repeat, parityStart } = this
    if (repeat === 0) return parityStart + index
    const first = Math.ceil(parityStart / repeat) * repeat
    const beyond = index - (first - parityStart)
    if (beyond < 0) return parityStart + index
    const span = repeat - HEADER_SECTORS
    return first + Math.floor(beyond / span) * repeat + HEADER_SECTORS + (beyond % span)
  }

  /**
   * The sectors of a layer in some rows. What was cut off is zeros.
   * @param buffer is filled and answered, where it is given; it has room for them
   */
  async readLayer(layer: number, row: number, count: number, buffer?: Uint8Array): Promise<Uint8Array> {
    const out = buffer?.subarray(0, count * SECTOR) ?? new Uint8Array(count * SECTOR)
    const source = this.isImage(layer) || this.file === null ? this.image : this.file
    for (let done = 0; done < count;) {
      const sector = this.sectorAt(layer, row + done)
      if (this.isImage(layer) && sector >= this.coveredSectors) {
        if (this.header.codec === 'RS03') out.set(this.padding(sector), done * SECTOR)
        else out.fill(0, done * SECTOR, (done + 1) * SECTOR)
        done++
        continue
      }
      let run = 1
      while (done + run < count && this.sectorAt(layer, row + done + run) === sector + run) {
        if (this.isImage(layer) && sector + run >= this.coveredSectors) break
        run++
      }
      await fill(source, out.subarray(done * SECTOR, (done + run) * SECTOR), sector * SECTOR)
      if (this.isImage(layer))
        for (let i = 0; i < run; i++)
          if (this.isOwnHeader(sector + i)) out.fill(0, (done + i) * SECTOR, (done + i + 1) * SECTOR)
      done += run
    }
    return out
  }

  private padding(sector: number): Uint8Array {
    return paddingSector(sector, this.header.fingerprint, this.header.fingerprintSector)
  }

  /** The sum of a sector of the image; null where it is not known, or none is kept of it. */
  sumOf(sector: number): number | null {
    if (sector >= this.sums.length || this.isRowKnown[sector % this.sectorsPerLayer] !== 1) return null
    return this.sums[sector] ?? null
  }

  /** Whether a CRC sector of RS03 is one of this volume, as it was written. */
  isCrcSector(sector: Uint8Array): boolean {
    const header = readCrcSectorHeader(sector)
    const { sectorsPerLayer, dataLayers } = this.header
    return header !== null && header.sectorsPerLayer === sectorsPerLayer && header.dataLayers === dataLayers
  }

  /** Takes in the sums that a CRC sector of RS03 has; false where it is damaged. @param row its own */
  takeSums(row: number, sector: Uint8Array): boolean {
    if (!this.isCrcSector(sector)) return false
    const next = (row + 1) % this.sectorsPerLayer
    for (let layer = 0; layer < this.imageLayers; layer++) {
      const summed = layer * this.sectorsPerLayer + next
      if (summed < this.sums.length) this.sums[summed] = readU32Le(sector, layer * 4)
    }
    this.isRowKnown[next] = 1
    return true
  }

  private async loadSums(): Promise<void> {
    const { codec, imageSectors } = this.header
    // A header that lies about the image's length makes nobody hold more than its file can have sums of.
    const holder = this.file ?? this.image
    const most = Math.ceil(holder.byteLength / SECTOR) * SUMS_PER_SECTOR
    this.sums = new Uint32Array(Math.min(codec === 'RS02' ? imageSectors : this.coveredSectors, most))
    if (codec === 'RS02') {
      await this.loadSortedSums()
      return
    }
    const count = this.sectorsPerLayer
    for (let row = 0; row < count; row += CHUNK_SECTORS) {
      const bytes = await holder.read((this.crcStart + row) * SECTOR, Math.min(CHUNK_SECTORS, count - row) * SECTOR)
      for (let at = 0; at + SECTOR <= bytes.byteLength; at += SECTOR)
        this.takeSums(row + at / SECTOR, bytes.subarray(at, at + SECTOR))
    }
  }

  /** RS02 keeps sums by row, beginning with the one behind that of the first of its own sectors. */
  private async loadSortedSums(): Promise<void> {
    const { imageSectors, crcSum } = this.header
    const length = crcSectorsOf(imageSectors) * SECTOR
    if (this.crcStart * SECTOR + length > this.image.byteLength) return
    const bytes = await this.image.read(this.crcStart * SECTOR, length)
    if (!isSame(md5(bytes), crcSum)) return
    for (let sector = 0; sector < this.sums.length; sector++) {
      const row = sector % this.sectorsPerLayer
      const index = (this.sumsBefore?.[row] ?? 0) + Math.floor(sector / this.sectorsPerLayer)
      this.sums[sector] = readU32Le(bytes, index * 4)
    }
    this.isRowKnown.fill(1)
  }

  /**
   * By the fingerprint, and by the sums of sectors from all over it: images that one program makes of two folders may well
   * have the same first descriptor. Sectors of zeros say nothing, as they may not have been read.
   */
  private async isOfImage(): Promise<boolean> {
    const { fingerprint, fingerprintSector, imageSectors } = this.header
    const own = await this.image.read(fingerprintSector * SECTOR, SECTOR)
    const isKnown = own.byteLength === SECTOR && isSame(md5(own), fingerprint)
    const there = Math.min(imageSectors, Math.floor(this.image.byteLength / SECTOR), this.sums.length)
    let seen = 0
    let same = 0
    for (let i = 0; i < SAMPLES; i++) {
      const sector = Math.floor((there * (i + 0.5)) / SAMPLES)
      const sum = this.sumOf(sector)
      if (sum === null) continue
      const bytes = await this.image.read(sector * SECTOR, SECTOR)
      if (bytes.byteLength < SECTOR || isAllZero(bytes)) continue
      seen++
      if (sectorCrc(bytes) === sum) same++
    }
    // Where less than a third is as it was, nothing can be mended either.
    return isKnown ? same * 3 >= seen : same > 0 && same * 2 >= seen
  }
}

function countSums(imageSectors: number, rows: number, crcStart: number): Float64Array {
  const before = new Float64Array(rows)
  const first = ((crcStart % rows) + 1) % rows
  let count = 0
  for (let i = 0; i < rows; i++) {
    const row = (first + i) % rows
    before[row] = count
    if (row < imageSectors) count += Math.floor((imageSectors - 1 - row) / rows) + 1
  }
  return before
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index])
}

async function fill(source: ByteSource, target: Uint8Array, byteOffset: number): Promise<void> {
  if (source.readInto !== undefined) {
    target.fill(0, source.readInto(target, byteOffset))
    return
  }
  const bytes = await source.read(byteOffset, target.byteLength)
  target.set(bytes)
  target.fill(0, bytes.byteLength)
}
