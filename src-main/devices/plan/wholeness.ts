import type { Diagnostic } from '../../../src-shared/model'
import type { ByteSource, DiscImage, VolumePlace } from '../../image'
import type { TableFault } from '../../image/volumes/table-faults'
import type { Partition } from '../../image/volumes/volume-map'
import { DeviceError } from '../device-error'

/** Entries that say nothing of what is on the disk: the one that keeps old programs off a GPT, and those around others. */
const COVERS: ReadonlySet<string> = new Set(['gpt-protective', '0x05', '0x0f', '0x85'])
/** Of tables: what is known to be missing of them. Only a disk is told by these; hybrids lay out theirs with liberties. */
const BROKEN: ReadonlySet<string> = new Set(['PARTITION_CHAIN_BROKEN', 'PARTITION_TABLE_DAMAGED'])
/** Sectors that were met on the way and cannot be read. */
const UNREADABLE = 'UNREADABLE_SECTOR'
/** The GPT at the start of a disk is damaged, and the one at its end has everything. */
const COPY_USED = 'GPT_COPY_USED'

/**
 * That nothing is known which makes an image another than it was, before anything is erased for it: in a container that was
 * cut or does not give its own sums, or with sectors that cannot be read.
 * @param containerDamage of the image, and of those that it lies in
 * @throws {DeviceError} `CONTENT_DAMAGED`
 */
export function assertIntact({ info, diagnostics }: DiscImage, containerDamage: readonly Diagnostic[]): void {
  const [known = diagnostics.find(({ code }) => code === UNREADABLE)] = containerDamage
  if (known !== undefined) throw damaged(naming(info.name, known.message))
}

/** What is said of an image that is shorter than it says. */
export function cutShort({ info }: DiscImage): DeviceError {
  return damaged(`${info.name} is cut: its end is missing.`)
}

/**
 * That what a table of partitions names is there, for images that are written as they are.
 * @param partitions all that tables name, those behind the end of the image included
 * @param faults what is wrong with the tables
 * @throws {DeviceError} `CONTENT_DAMAGED`
 */
export function assertAllThere(
  image: DiscImage,
  blocks: ByteSource,
  partitions: readonly Partition[],
  faults: readonly TableFault[],
): void {
  const { name } = image.info
  const volumes = image.info.views.map(({ id }) => image.view(id).volume)
  const lost = partitions.find((each) => !COVERS.has(each.type) && !isThere(each, volumes, blocks.byteLength))
  if (lost !== undefined) {
    const { number, scheme, byteOffset, byteLength } = lost
    const end = byteOffset + byteLength
    throw damaged(
      `${name} is cut: partition ${number} (${scheme.toUpperCase()}) ends at byte ${end}, and the image at byte ${blocks.byteLength}.`,
    )
  }
  const isHybrid = isHybridDisc(image)
  const broken = isHybrid ? undefined : faults.find(({ code, cost }) => cost === 'lost' && BROKEN.has(code))
  if (broken !== undefined) throw damaged(naming(name, broken.message))
}

/**
 * That systems will find the table of partitions on a drive. Where the first GPT is damaged they look for its copy at the
 * end of the drive, and that of an image written as it is lies at the image’s.
 * @param faults what is wrong with the tables
 * @param imageLength in bytes; so is `driveLength`
 * @throws {DeviceError} `CONTENT_DAMAGED`
 */
export function assertTableFound(
  image: DiscImage,
  faults: readonly TableFault[],
  imageLength: number,
  driveLength: number,
): void {
  const isHybrid = isHybridDisc(image)
  const isMissed = faults.some(({ code, isProven }) => code === COPY_USED && (isProven || !isHybrid))
  // On a shorter drive nothing is written in any case, and that is told in words of its own.
  if (isMissed && driveLength > imageLength)
    throw new DeviceError(
      'CONTENT_DAMAGED',
      `The partition table (GPT) at the start of ${image.info.name} is damaged, and nothing would look for its copy in the middle of a longer drive. Write it with --fit, which makes both tables from the copy; the drive was not changed.`,
    )
}

/** A file system that fills the disk, with tables laid over it. */
function isHybridDisc(image: DiscImage): boolean {
  return image.info.views.some(({ id }) => {
    const { byteOffset, byteEnd } = image.view(id).volume
    return byteOffset === 0 && byteEnd > 0
  })
}

/**
 * A partition may be longer than the image where the volume in it, or the one that it lies over, is all there: systems
 * for routers grow into the rest at their first start, and isohybrid rounds up to whole cylinders.
 */
function isThere({ byteOffset, byteLength }: Partition, volumes: readonly VolumePlace[], imageLength: number): boolean {
  if (byteOffset + byteLength <= imageLength) return true
  return volumes.some(
    (volume) => volume.byteOffset <= byteOffset && byteOffset < volume.byteEnd && volume.byteEnd <= imageLength,
  )
}

/** Many sentences have the name themselves. */
function naming(name: string, sentence: string): string {
  return sentence.includes(name) ? sentence : `${name} is damaged. ${sentence}`
}

function damaged(why: string): DeviceError {
  return new DeviceError('CONTENT_DAMAGED', `${why} Get it again; the drive was not changed.`)
}
