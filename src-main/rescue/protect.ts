import type { ByteSource } from '../image/core/byte-source'
import {
  HEADER_SECTORS,
  md5,
  paddingSector,
  SECTOR,
  sectorCrc,
  writeCrcSector,
  writeEccHeader,
  type EccHeader,
} from '../image/error-correction/ecc-header'
import { decodingMatrix, WORD_LENGTH } from '../image/error-correction/galois'
import { WordMixer } from '../image/error-correction/word-mixer'
import { makeWholeFile, type AtomicFile } from '../sinks/atomic-file'
import type { Control } from '../task'
import { RescueError } from './rescue-error'

/** Rows that are read at once: a large image is not read in small pieces from all over it. */
const READ_ROWS = 64
/** Rows that are worked out at once: what is summed stays in the processor's cache. */
const MIXED_ROWS = 8
/** As dvdisaster: fewer mend next to nothing, more are not made. */
const FEWEST_LAYERS = 8
const MOST_LAYERS = 170
/** By whose MD5 the image is known: where the first descriptor of most images stands. */
const FINGERPRINT_SECTOR = 16

export interface Protected {
  path: string
  byteLength: number
  /** Of so many sectors of the image in a row… */
  dataLayers: number
  /** …this many may be lost. */
  eccLayers: number
}

/** How many of 255 layers are parity, for a redundancy in percent of the image. */
export function eccLayersFor(redundancy: number): number {
  const layers = Math.round((WORD_LENGTH * redundancy) / (100 + redundancy))
  return Math.min(MOST_LAYERS, Math.max(FEWEST_LAYERS, layers))
}

/**
 * Writes an RS03 file of dvdisaster's for an image: a file that appears whole or not at all.
 * @param redundancy in percent of the image
 * @param isReplacing takes the place of one that is there
 * @throws {RescueError} `BAD_REQUEST` for an image that has nothing to be known by; {@link SinkError}
 */
export async function protect(
  image: ByteSource,
  name: string,
  target: string,
  redundancy: number,
  control: Control,
  isReplacing = false,
): Promise<Protected> {
  const imageSectors = Math.ceil(image.byteLength / SECTOR)
  if (imageSectors <= FINGERPRINT_SECTOR)
    throw new RescueError(
      'BAD_REQUEST',
      `${name} has less than ${FINGERPRINT_SECTOR + 1} sectors of 2048 bytes: dvdisaster knows no image that small. Keep a second copy of it instead.`,
    )
  const eccLayers = eccLayersFor(redundancy)
  const dataLayers = WORD_LENGTH - eccLayers
  const header: EccHeader = {
    codec: 'RS03',
    isFile: true,
    fingerprint: md5(await image.read(FINGERPRINT_SECTOR * SECTOR, SECTOR)),
    fingerprintSector: FINGERPRINT_SECTOR,
    imageSectors,
    lastLength: image.byteLength - (imageSectors - 1) * SECTOR,
    dataLayers,
    eccLayers,
    sectorsPerLayer: Math.ceil(imageSectors / (dataLayers - 1)),
    crcSum: new Uint8Array(16),
    addedSectors: 0,
  }
  const byteLength = (HEADER_SECTORS + header.sectorsPerLayer * (1 + eccLayers)) * SECTOR
  const write = async (_: string, file: AtomicFile): Promise<void> => {
    file.write(writeEccHeader(header), 0)
    await new Encoder(image, header, (bytes, at) => {
      file.write(bytes, at)
    }).run(control)
    file.sync()
  }
  await makeWholeFile(target, write, undefined, isReplacing)
  // One layer of data holds checksums.
  return { path: target, byteLength, dataLayers: dataLayers - 1, eccLayers }
}

class Encoder {
  private readonly mixer: WordMixer
  /** Sums of the first row, which the last CRC sector has. */
  private firstSums: Uint32Array | null = null

  constructor(
    private readonly image: ByteSource,
    private readonly header: EccHeader,
    private readonly write: (bytes: Uint8Array, at: number) => void,
  ) {
    const parity = Array.from({ length: header.eccLayers }, (_, i) => header.dataLayers + i)
    this.mixer = new WordMixer(decodingMatrix(parity))
  }

  async run(control: Control): Promise<void> {
    const { sectorsPerLayer, imageSectors } = this.header
    for (let row = 0; row < sectorsPerLayer; row += READ_ROWS) {
      const wait = control.checkpoint()
      if (wait) await wait
      const count = Math.min(READ_ROWS, sectorsPerLayer - row)
      await this.encode(row, count)
      control.progress({ bytesDone: Math.floor(((row + count) / sectorsPerLayer) * imageSectors * SECTOR) })
    }
  }

  private async encode(row: number, count: number): Promise<void> {
    const { sectorsPerLayer, dataLayers, eccLayers } = this.header
    // A row's CRC sector has the sums of the next one.
    const hasNext = row + count < sectorsPerLayer
    const rows = count + (hasNext ? 1 : 0)
    const layers: Uint8Array[] = []
    for (let layer = 0; layer < dataLayers - 1; layer++) layers.push(await this.readLayer(layer, row, rows))
    const sums = Array.from({ length: rows }, (_, i) =>
      Uint32Array.from(layers, (bytes) => sectorCrc(bytes.subarray(i * SECTOR, (i + 1) * SECTOR))),
    )
    this.firstSums ??= sums[0] ?? null
    const crcs = new Uint8Array(count * SECTOR)
    for (let i = 0; i < count; i++) {
      const next = sums[i + 1] ?? this.firstSums ?? []
      crcs.set(writeCrcSector(this.header, next), i * SECTOR)
    }
    this.write(crcs, (HEADER_SECTORS + row) * SECTOR)
    layers.push(crcs)
    const parity = Array.from({ length: eccLayers }, () => new Uint8Array(count * SECTOR))
    for (let from = 0; from < count; from += MIXED_ROWS) {
      const to = Math.min(count, from + MIXED_ROWS)
      this.mixer.begin((to - from) * SECTOR)
      for (const [layer, bytes] of layers.entries()) this.mixer.add(layer, bytes.subarray(from * SECTOR, to * SECTOR))
      for (const [index, bytes] of parity.entries()) this.mixer.take(index, bytes.subarray(from * SECTOR, to * SECTOR))
    }
    for (const [index, bytes] of parity.entries())
      this.write(bytes, (HEADER_SECTORS + (1 + index) * sectorsPerLayer + row) * SECTOR)
  }

  private async readLayer(layer: number, row: number, rows: number): Promise<Uint8Array> {
    const { sectorsPerLayer, imageSectors, fingerprint, fingerprintSector } = this.header
    const first = layer * sectorsPerLayer + row
    const own = Math.max(0, Math.min(rows, imageSectors - first))
    const read = own === 0 ? new Uint8Array(0) : await this.image.read(first * SECTOR, own * SECTOR)
    if (read.byteLength === rows * SECTOR) return read
    const bytes = new Uint8Array(rows * SECTOR)
    bytes.set(read)
    for (let i = own; i < rows; i++) bytes.set(paddingSector(first + i, fingerprint, fingerprintSector), i * SECTOR)
    return bytes
  }
}
