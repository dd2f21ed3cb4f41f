import type { ByteSource, DiscImage } from '../../image'
import { readNamedPartitions, readPartitions } from '../../image/volumes/read-partitions'
import type { TableFault } from '../../image/volumes/table-faults'
import type { Partition } from '../../image/volumes/volume-map'
import { DeviceError } from '../device-error'
import type { DrivePlan, PlannedRange } from './drive-plan'
import { fitTable } from './fit-table'
import { assertAllThere, assertTableFound } from './wholeness'

/** The tables that machines start from. */
const TABLES: readonly string[] = ['mbr', 'gpt']

/** What is written of an image as it is. */
export interface AsIsSource {
  image: DiscImage
  /** The bytes of the disk: the file itself, or what the containers around them unpack to. */
  blocks: ByteSource
}

/** What an image as it is is written to. */
export interface AsIsTarget {
  /** In bytes. */
  driveLength: number
  /** A GPT’s copy is moved to the end of the drive. */
  isFitted: boolean
}

/** The partitions that make an image one for drives; none in images that are for discs alone. */
export async function partitionsOf(blocks: ByteSource): Promise<Partition[]> {
  const partitions = await readPartitions(blocks)
  return partitions.filter(({ scheme, isDoubtful }) => TABLES.includes(scheme) && isDoubtful !== true)
}

/**
 * A drive as the image says it, byte for byte.
 * @throws {DeviceError} `NOT_FOR_DRIVES` for an image without partitions, `CONTENT_DAMAGED` where they are not all there, or
 *   nothing would find them
 */
export async function planAsIs(
  { image, blocks }: AsIsSource,
  { driveLength, isFitted }: AsIsTarget,
): Promise<DrivePlan> {
  const partitions = await partitionsOf(blocks)
  if (partitions.length === 0)
    throw new DeviceError(
      'NOT_FOR_DRIVES',
      `${image.info.name} has no partition table, so that no machine starts from a drive that holds it as it is. Write its files with --how files, or burn it to a disc.`,
    )
  const faults = await assertPartitions(image, blocks)
  if (!isFitted) assertTableFound(image, faults, blocks.byteLength, driveLength)
  const parts = partitions
    .filter(({ type }) => type !== 'gpt-protective')
    .map(({ type, name, byteOffset, byteLength }) => ({ type, label: name, byteOffset, byteLength }))
  const nameAt = (byteOffset: number): Promise<string | null> => fileAt(image, blocks, byteOffset)
  const plain = placeOf(blocks)
  const ranges: PlannedRange[] = [
    { byteOffset: 0, byteLength: blocks.byteLength, ...(plain === null ? {} : { copyFrom: plain.from }) },
  ]
  const plan: DrivePlan = {
    ...{ how: 'as-is', byteLength: blocks.byteLength, ranges, source: blocks, parts, nameAt },
    descriptor: plain?.descriptor ?? null,
    leftOut: [],
    notes: [],
    close: () => Promise.resolve(),
  }
  return isFitted ? fitTable(plan, image.info.name, driveLength) : plan
}

/** @returns what is wrong with the tables, and costs no partition @throws {DeviceError} `CONTENT_DAMAGED` */
export async function assertPartitions(image: DiscImage, blocks: ByteSource): Promise<TableFault[]> {
  const faults: TableFault[] = []
  const named = await readNamedPartitions(blocks, (fault) => faults.push(fault))
  const wanted = named.filter(({ scheme }) => TABLES.includes(scheme))
  assertAllThere(image, blocks, wanted, faults)
  return faults
}

/** Where all bytes of a source lie one after the other in a file that is open. */
function placeOf(source: ByteSource): { descriptor: number; from: number } | null {
  const place = source.locate(0, source.byteLength)
  if (place === null || place.byteLength < source.byteLength || place.file.descriptor === undefined) return null
  return { descriptor: place.file.descriptor, from: place.byteOffset }
}

/** The file of the default tree that lies there. */
async function fileAt(image: DiscImage, blocks: ByteSource, byteOffset: number): Promise<string | null> {
  if (!image.hasView(image.info.defaultViewId)) return null
  const table = await image.view(image.info.defaultViewId).readTree()
  const at = blocks.locate(byteOffset, 1)?.byteOffset ?? byteOffset
  for (let index = 1; index < table.length; index++) {
    const first = table.discPositionOf(index)
    if (table.kindOf(index) === 'file' && first <= at && at < first + table.byteLengthOf(index))
      return table.pathOf(index)
  }
  return null
}
