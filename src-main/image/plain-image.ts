import { recordedIn, type ByteSource, type MaybePromise } from './core/byte-source'
import { NotAnImageError, type PlainImage } from './core/disc-image'
import type { IsoVolume } from './filesystems/iso9660/iso-volume'
import { SliceSource } from './core/sources/slice-source'
import type { DiscLayout } from './containers/disc/disc-layout'
import { isSectored } from './containers/raw-sectors/raw-sectors'

const SECTOR = 2048
const SYSTEM_AREA_SECTORS = 16
const DESCRIPTOR_LIMIT = 64
/** ECMA-119 8.3: the volume descriptor set terminator. */
const TERMINATOR = 255

/** What is known of an image that is to be made plain. */
interface PlainRequest {
  name: string
  blocks: ByteSource
  layout: DiscLayout | null
  /** The volume that is shown first. */
  main: IsoVolume | null
  volumeCount: number
  /** Some file system, or a table of partitions, was found. */
  hasVolume: boolean
}

/**
 * What to write so that the volume which is shown first can be opened by any reader. Blocks keep the addresses that
 * they have on the disc; where that volume is not the first, its descriptors are put at sector 16 as well, as writers
 * of rewritable media put them, since readers of plain files look nowhere else.
 * @throws {NotAnImageError} `NOTHING_READABLE` where nothing in it could be opened afterwards
 */
export async function makePlainImage(request: PlainRequest): Promise<PlainImage> {
  const { name, blocks, layout, main, volumeCount, hasVolume } = request
  if (blocks.byteLength === 0) {
    throw new NotAnImageError('NOTHING_READABLE', `“${name}” holds no data, only audio: there is nothing to convert.`)
  }
  if (!hasVolume) {
    throw new NotAnImageError(
      'NOTHING_READABLE',
      `“${name}” holds no file system, so that a plain image of it could not be opened: there is nothing to convert.`,
    )
  }
  const leftOut: string[] = []
  const audio = layout?.tracks.filter(({ isAudio }) => isAudio).length ?? 0
  if (audio > 0) leftOut.push(audio === 1 ? '1 audio track' : `${audio} audio tracks`)
  const formTwo = isSectored(blocks) ? await blocks.countFormTwo() : 0
  if (formTwo > 0) leftOut.push(`276 of the 2324 bytes in each of ${formTwo} sectors of form 2`)
  if (main === null || main.sessionStart === 0 || layout === null) return { blocks, leftOut }
  if (volumeCount > 1) leftOut.push('the volume descriptors of the disc’s other sessions or tracks')
  // A volume that counts from itself is whole without what lies before it.
  const isRelative = main.blockDelta > 0
  if (isRelative) return { blocks: new SliceSource(blocks, main.sessionStart), leftOut }
  const descriptors = await readDescriptors(blocks, main.sessionStart)
  return { blocks: new OverlaidSource(blocks, SYSTEM_AREA_SECTORS * SECTOR, descriptors), leftOut }
}

async function readDescriptors(blocks: ByteSource, sessionStart: number): Promise<Uint8Array> {
  const from = sessionStart + SYSTEM_AREA_SECTORS * SECTOR
  const bytes = await blocks.read(from, DESCRIPTOR_LIMIT * SECTOR)
  for (let at = 0; at + SECTOR <= bytes.byteLength; at += SECTOR) {
    if (bytes[at] === TERMINATOR) return bytes.slice(0, at + SECTOR)
  }
  return bytes.slice(0, SECTOR)
}

/** A source with other bytes in one place. */
class OverlaidSource implements ByteSource {
  constructor(
    private readonly inner: ByteSource,
    private readonly at: number,
    private readonly bytes: Uint8Array,
  ) {}

  get byteLength(): number {
    return this.inner.byteLength
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    return this.over(byteOffset, await this.inner.read(byteOffset, byteLength))
  }

  async readChecked(byteOffset: number, byteLength: number, wrong: (problem: string) => void): Promise<Uint8Array> {
    if (this.inner.readChecked === undefined) return this.read(byteOffset, byteLength)
    return this.over(byteOffset, await this.inner.readChecked(byteOffset, byteLength, wrong))
  }

  recorded(byteOffset: number, byteLength: number): number {
    const isTouched = byteOffset < this.at + this.bytes.byteLength && byteOffset + byteLength > this.at
    return isTouched ? byteLength : recordedIn(this.inner, byteOffset, byteLength)
  }

  locate(): null {
    return null
  }

  close(): MaybePromise<void> {
    return this.inner.close()
  }

  private over(byteOffset: number, read: Uint8Array): Uint8Array {
    const from = Math.max(byteOffset, this.at)
    const to = Math.min(byteOffset + read.byteLength, this.at + this.bytes.byteLength)
    if (from < to) read.set(this.bytes.subarray(from - this.at, to - this.at), from - byteOffset)
    return read
  }
}
